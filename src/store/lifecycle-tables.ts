import type { ColumnType, Generated } from "kysely";

/** A range of a session's lines that left the window, and what remains of them in words. */
export interface ArchivesTable {
  id: Generated<number>;
  session: number;
  archive_id: string;
  from_seq: number;
  to_seq: number;
  /** How many archives it stands for; 0 for one of lines. */
  merges: Generated<number>;
  /** The archive that stands for it; null for a live one. */
  merged_into: number | null;
  overview: string;
  abstract: string;
  /** `ArchiveDetails` as JSON. */
  details: string;
  /** When a summary that was made without a model is to be made again; null when it is not. */
  redo_at_ms: number | null;
  created_at_ms: number;
}

/** A range of a session's lines whose facts were taken out; neighbours are joined. */
export interface ExtractionsTable {
  session: number;
  from_seq: number;
  to_seq: number;
}

/** What a session's window carries beside its lines; no row before anything happened to it. */
export interface WindowsTable {
  session: number;
  /** Moves when lines leave the window, whichever way. */
  version: Generated<number>;
  commit_count: Generated<number>;
  cycle: Generated<number>;
  /** The cycle in which the soft threshold was crossed last. */
  soft_cycle: number | null;
  compacted_at_ms: number | null;
  /** What the provider counts for one token of our estimate; null before it reported any. */
  calibration: number | null;
  /** `PrepareToken` as JSON. */
  token: string | null;
  token_expires_at_ms: number | null;
  /** `WindowState` as JSON. */
  state: string;
}

/** A commit or an extraction: one of each at most is open in a session. */
export interface LifecycleJobsTable {
  id: Generated<number>;
  session: number;
  kind: "commit" | "extract";
  state: "running" | "waiting" | "done" | "failed" | "cancelled";
  /** The id its archive will have: fixed with the claim, so that trying again is the same commit. */
  archive_id: string | null;
  from_seq: number;
  to_seq: number;
  reason: string;
  instructions: string | null;
  strategy: "summarize" | "truncate" | "hybrid";
  attempts: Generated<number>;
  owner: string | null;
  lease_until_ms: number | null;
  next_attempt_at_ms: number | null;
  created_at_ms: number;
  finished_at_ms: number | null;
  /** What came of it, as JSON. */
  result: string | null;
  error: string | null;
}

/** Something that is remembered, content addressed; never changed. */
export interface MemoryNodesTable {
  addr: string;
  type: string;
  content: string;
  /** The addresses it was made of, as a JSON list. */
  inputs: string;
  created_at_ms: number;
}

/** Where something is remembered, how surely, and since when. */
export interface MemoryPlacementsTable {
  id: Generated<number>;
  scope: string;
  addr: string;
  fingerprint: string;
  bucket: string;
  state: "preliminary" | "active" | "superseded" | "stashed" | "forgotten" | "archived";
  confidence: number;
  priority: Generated<number>;
  /** How often it was said again. */
  reinforced: Generated<number>;
  /** The `user:` scope of who said it. */
  author: string | null;
  /** The scope a preliminary one may be promoted to; null for none. */
  target: string | null;
  source_session: string | null;
  source_seq_from: number | null;
  source_seq_to: number | null;
  valid_from_ms: number;
  valid_to_ms: number | null;
  superseded_by: number | null;
  promoted_to: number | null;
  told_explicitly: Generated<number>;
  created_at_ms: number;
  updated_at_ms: number;
}

/** The full-text index of memory: made for SQLite alone, queried only in `memory-search.ts`. */
interface MemoryFtsTable {
  rowid: ColumnType<number, number, never>;
  text: string;
  scope: string;
}

/** Something hooks are told of, written in the transaction in which it happened. */
export interface LifecycleEventsTable {
  id: Generated<number>;
  kind: string;
  session_id: string;
  session_key: string;
  /** JSON. */
  data: string;
  at_ms: number;
}

/** One event on its way to one hook. */
export interface HookDeliveriesTable {
  event: number;
  hook: string;
  state: "pending" | "done" | "dead";
  attempts: Generated<number>;
  next_attempt_at_ms: number;
  error: string | null;
  finished_at_ms: number | null;
}

/** The tables of compaction and memory. */
export interface LifecycleTables {
  archives: ArchivesTable;
  extractions: ExtractionsTable;
  windows: WindowsTable;
  lifecycle_jobs: LifecycleJobsTable;
  memory_nodes: MemoryNodesTable;
  memory_placements: MemoryPlacementsTable;
  memory_fts: MemoryFtsTable;
  lifecycle_events: LifecycleEventsTable;
  hook_deliveries: HookDeliveriesTable;
}

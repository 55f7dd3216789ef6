import type { Selectable } from "kysely";
import type { MemoryPlacementsTable } from "./lifecycle-tables.ts";

/**
 * `preliminary` is known in its session alone; `active` is what is remembered; `superseded` was true until something else was;
 * `stashed` is put aside by a person; `forgotten` is shown to nobody any more; `archived` stayed behind with its session.
 */
export type PlacementState = MemoryPlacementsTable["state"];

/** Something that is remembered, where, and since when. */
export interface Placement {
  readonly id: number;
  /** `session:<id>`, `user:<platform>:<account>:<user>`, `chat:<platform>:<account>:<chat>`, `agent:<id>` or `global`. */
  readonly scope: string;
  readonly addr: string;
  readonly content: string;
  /** What its node was made from: the addresses of what it takes the place of. */
  readonly inputs: readonly string[];
  readonly fingerprint: string;
  readonly bucket: string;
  readonly state: PlacementState;
  /** 0 to 1. */
  readonly confidence: number;
  readonly priority: number;
  /** How often it was said again. */
  readonly reinforced: number;
  /** The `user:` scope of who said it; null when nobody in particular did. */
  readonly author: string | null;
  /** Where a preliminary one may be promoted to; null for nowhere. */
  readonly target: string | null;
  /** The public id of the session it comes from, and its lines there. */
  readonly sourceSession: string | null;
  readonly sourceFromSeq: number | null;
  readonly sourceToSeq: number | null;
  readonly validFromMs: number;
  /** Null while it is true. */
  readonly validToMs: number | null;
  readonly supersededBy: number | null;
  readonly promotedTo: number | null;
  /** Somebody asked in so many words that it be remembered. */
  readonly toldExplicitly: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A placement's row with its node's content. */
export type PlacementRow = Selectable<MemoryPlacementsTable> & { readonly content: string; readonly inputs: string };

/** The row as the rest of the program sees it. */
export function placementOf(row: PlacementRow): Placement {
  return {
    id: row.id,
    scope: row.scope,
    addr: row.addr,
    content: row.content,
    inputs: JSON.parse(row.inputs) as string[],
    fingerprint: row.fingerprint,
    bucket: row.bucket,
    state: row.state,
    confidence: row.confidence,
    priority: row.priority,
    reinforced: row.reinforced,
    author: row.author,
    target: row.target,
    sourceSession: row.source_session,
    sourceFromSeq: row.source_seq_from,
    sourceToSeq: row.source_seq_to,
    validFromMs: row.valid_from_ms,
    validToMs: row.valid_to_ms,
    supersededBy: row.superseded_by,
    promotedTo: row.promoted_to,
    toldExplicitly: row.told_explicitly === 1,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

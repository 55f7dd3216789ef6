import type { Connection } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** A session as an import inserts it: with a past of its own. */
export interface ImportedRow {
  sessionId: string;
  key: string;
  agent: string;
  platform: string;
  account: string;
  chatType: string;
  chatId: string;
  threadId: string | null;
  participant: string | null;
  source: string;
  /** 1 or 0. */
  live: number;
  title: string | null;
  createdAtMs: number;
  lastActiveMs: number;
  endedAtMs: number | null;
  endReason: string | null;
  pendingNotice: string | null;
  nextResetAtMs: number | null;
  openingNote: string | null;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  cost: number;
  /** 1 or 0. */
  costKnown: number;
  lastPrompt: number;
}

const insertion = statement<ImportedRow>()((db, p) =>
  db.insertInto("sessions").values({
    session_id: p.sessionId,
    session_key: p.key,
    agent: p.agent,
    platform: p.platform,
    account: p.account,
    chat_type: p.chatType,
    chat_id: p.chatId,
    thread_id: p.threadId,
    participant: p.participant,
    source: p.source,
    live: p.live,
    title: p.title,
    created_at_ms: p.createdAtMs,
    last_active_ms: p.lastActiveMs,
    ended_at_ms: p.endedAtMs,
    end_reason: p.endReason,
    pending_notice: p.pendingNotice,
    next_reset_at_ms: p.nextResetAtMs,
    opening_note: p.openingNote,
    input_tokens: p.input,
    output_tokens: p.output,
    cache_read_tokens: p.cacheRead,
    cache_write_tokens: p.cacheWrite,
    cost_usd: p.cost,
    cost_known: p.costKnown,
    last_prompt_tokens: p.lastPrompt,
  }),
);
/** Adds a session that began elsewhere and returns its row number; the unique indexes refuse a known id and a second live one of the key. */
export function insertImported(db: Pick<Connection, "run">, row: ImportedRow): number {
  return db.run(insertion, row).lastId;
}

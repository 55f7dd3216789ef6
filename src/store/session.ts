import type { Selectable } from "kysely";
import type { SessionKey } from "../session/key.ts";
import type { SessionId } from "../session/session-id.ts";
import { readSessionSource, type SessionSource } from "../session/source.ts";
import type { SessionsTable } from "./tables.ts";

/** Why a session ended; the same words in hooks, files and the API. */
export type EndReason = "archive" | "reset" | "delete" | "timeout" | "new";

/** Tokens and cost of a session so far. */
export interface SessionUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costUsd: number;
  /** False when some turn's price was not known: `costUsd` is then a lower bound. */
  readonly costKnown: boolean;
  readonly lastPromptTokens: number;
}

/** One incarnation of a conversation, as the rest of the program sees it. */
export interface Session {
  /** Its number inside this database; never shown, never in a file name. */
  readonly row: number;
  /** `YYYYMMDD_HHMMSS_<8 hex>`. */
  readonly sessionId: SessionId;
  readonly sessionKey: SessionKey;
  readonly agentId: string;
  readonly source: SessionSource;
  readonly live: boolean;
  readonly endReason: EndReason | null;
  readonly title: string | null;
  readonly createdAtMs: number;
  /** When a person last wrote. */
  readonly lastActiveMs: number;
  readonly endedAtMs: number | null;
  /** When it starts afresh if nobody writes; null when never, or when it has ended. */
  readonly nextResetAtMs: number | null;
  readonly openingNote: string | null;
  /** The agent chosen by `/agent`; null for the routed one. */
  readonly answeredBy: string | null;
  /** The model chosen by `/model`; null for the agent's own. */
  readonly model: string | null;
  /** The queue mode chosen by `/queue`; null for the configured one. */
  readonly queueMode: string | null;
  readonly messageCount: number;
  readonly usage: SessionUsage;
}

/** A session's row as it is stored. */
export type SessionRow = Selectable<SessionsTable>;

/** What a message that continues a session needs of its row: read for every one, and a third of it. */
export type StandingRow = Pick<
  SessionRow,
  | "id"
  | "session_id"
  | "agent"
  | "platform"
  | "chat_type"
  | "source"
  | "created_at_ms"
  | "last_active_ms"
  | "next_reset_at_ms"
  | "message_count"
  | "answered_by"
  | "model"
>;

/** The row as the rest of the program sees it; `source` is the one it was stored with, where it is at hand. */
export function sessionOf(row: SessionRow, source = readSessionSource(JSON.parse(row.source))): Session {
  return {
    row: row.id,
    sessionId: row.session_id as SessionId,
    sessionKey: row.session_key as SessionKey,
    agentId: row.agent,
    source,
    live: row.live === 1,
    endReason: row.end_reason as EndReason | null,
    title: row.title,
    createdAtMs: row.created_at_ms,
    lastActiveMs: row.last_active_ms,
    endedAtMs: row.ended_at_ms,
    nextResetAtMs: row.next_reset_at_ms,
    openingNote: row.opening_note,
    answeredBy: row.answered_by,
    model: row.model,
    queueMode: row.queue_mode,
    messageCount: row.message_count,
    usage: {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
      cacheWriteTokens: row.cache_write_tokens,
      costUsd: row.cost_usd,
      costKnown: row.cost_known === 1,
      lastPromptTokens: row.last_prompt_tokens,
    },
  };
}

/** A source as it is stored: absent fields left out. */
export function storedSource(source: SessionSource): string {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(source) as (keyof SessionSource)[]) {
    const value = source[name];
    if (value !== null) kept[name] = value;
  }
  return JSON.stringify(kept);
}

import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** What all sessions of a conversation have cost together, deleted ones included: they were paid for. */
export interface UsageTotals {
  readonly sessions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costUsd: number;
  /** False when some turn's price was not known: `costUsd` is then a lower bound. */
  readonly costKnown: boolean;
}

const totals = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .select(({ fn }) => [
      fn.countAll<number>().as("sessions"),
      fn.sum<number | null>("input_tokens").as("input"),
      fn.sum<number | null>("output_tokens").as("output"),
      fn.sum<number | null>("cache_read_tokens").as("cache_read"),
      fn.sum<number | null>("cache_write_tokens").as("cache_write"),
      fn.sum<number | null>("cost_usd").as("cost"),
      fn.min<number | null>("cost_known").as("known"),
    ])
    .where("session_key", "=", p.key),
);
/** Adds up what the sessions of a key have used. */
export function selectUsageTotals(db: Reader, key: string): UsageTotals {
  const row = db.get(totals, { key });
  return {
    sessions: row?.sessions ?? 0,
    inputTokens: row?.input ?? 0,
    outputTokens: row?.output ?? 0,
    cacheReadTokens: row?.cache_read ?? 0,
    cacheWriteTokens: row?.cache_write ?? 0,
    costUsd: row?.cost ?? 0,
    costKnown: row?.known !== 0,
  };
}

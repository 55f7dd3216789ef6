import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const old = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_placements")
    .select(["id", "addr"])
    .where("state", "=", "forgotten")
    .where("updated_at_ms", "<", p.before)
    .orderBy("updated_at_ms")
    .limit(p.limit),
);
/** What was forgotten before a time, and is to be erased. */
export function selectForgotten(db: Reader, beforeMs: number, limit: number): { id: number; addr: string }[] {
  return db.all(old, { before: beforeMs, limit });
}

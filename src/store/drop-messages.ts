import { deleteMessages, selectMessageRows } from "./messages.ts";
import { putMeta, selectMeta } from "./meta.ts";
import { unindexMessages } from "./search-index.ts";
import { takeBackMemory } from "./take-back-memory.ts";
import type { Tx } from "./writer.ts";

/** Removes a session's lines from `fromSeq` on, with their search entries; false when there were none. The caller sees to the file. */
export function dropMessages(tx: Tx, session: number, fromSeq: number): boolean {
  const rows = selectMessageRows(tx, session, fromSeq);
  const first = rows[0];
  if (first === undefined) return false;
  deleteMessages(tx, session, fromSeq);
  unindexMessages(tx, rows);
  takeBackMemory(tx, session, fromSeq);
  // Freed row numbers may be used again: what the mirror counts as written must not reach over them.
  const mirrored = Number(selectMeta(tx, "mirrored_through") ?? 0);
  putMeta(tx, "mirrored_through", String(Math.min(mirrored, first - 1)));
  putMeta(tx, "message_drops", String(Number(selectMeta(tx, "message_drops") ?? 0) + 1));
  return true;
}

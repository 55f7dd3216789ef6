import { dropMessages } from "./drop-messages.ts";
import { deleteSessionMemory, eraseSession } from "./erase-session.ts";
import { deleteJobs } from "./lifecycle-jobs.ts";
import type { SessionRow } from "./session.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { Tx } from "./writer.ts";

/** How far the purge of a session has come. */
export type PurgeStep =
  /** Some of it is gone; the next transaction goes on. */
  | { readonly kind: "more"; readonly rows: number }
  /** Only a tombstone is left, and perhaps its file, which is to go after the commit. */
  | { readonly kind: "erased" }
  /** Nothing is left. */
  | { readonly kind: "gone" }
  /** The tombstone stays for now: its number must not be given again. */
  | { readonly kind: "stays" };

/**
 * Purges a part of an ended session whose time is over, at most `limit` rows: first all but its lines and its memory at once, so that it is
 * whole or a tombstone, then what was learned in it alone, then the lines from the newest on, then the row. One that dies on the way goes on at the next time.
 */
export function purgeStep(tx: Tx, session: SessionRow, nowMs: number, limit: number): PurgeStep {
  if (session.end_reason !== "delete") {
    eraseSession(tx, session, "retention", nowMs);
    return { kind: "more", rows: 1 };
  }
  const memories = deleteSessionMemory(tx, session.session_id, limit);
  if (memories > 0) return { kind: "more", rows: memories };
  const last = tx.get(lastSeq, { session: session.id })?.seq ?? 0;
  if (last > 0) {
    dropMessages(tx, session.id, Math.max(1, last - limit + 1));
    return last > limit ? { kind: "more", rows: limit } : { kind: "erased" };
  }
  if (session.mirror_stale === 1) return { kind: "erased" };
  // Row numbers are given again from the greatest on: rows elsewhere still speak of it.
  if (tx.get(greatest, {})?.id === session.id) return { kind: "stays" };
  deleteJobs(tx, session.id);
  deleteSessionRow(tx, session.id);
  return { kind: "gone" };
}

const lastSeq = statement<{ session: number }>()((db, p) =>
  db.selectFrom("messages").select("seq").where("session", "=", p.session).orderBy("seq", "desc").limit(1),
);
const greatest = statement<object>()((db) => db.selectFrom("sessions").select("id").orderBy("id", "desc").limit(1));
const removal = statement<{ row: number }>()((db, p) => db.deleteFrom("sessions").where("id", "=", p.row));
function deleteSessionRow(db: Pick<Connection, "run"> & Reader, row: number): void {
  db.run(removal, { row });
}

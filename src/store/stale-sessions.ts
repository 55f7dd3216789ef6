import type { SessionRow } from "./session.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const stale = statement<{ row: number; stale: number }>()((db, p) =>
  db.updateTable("sessions").set({ mirror_stale: p.stale }).where("id", "=", p.row),
);
/** Marks that a session's JSONL file must be compared with its rows, or that it has been. */
export function updateMirrorStale(db: Pick<Connection, "run">, row: number, isStale: boolean): void {
  db.run(stale, { row, stale: isStale ? 1 : 0 });
}

const staleSessions = statement<object>()((db) =>
  db.selectFrom("sessions").selectAll().where("mirror_stale", "=", 1).orderBy("id"),
);
/** The sessions whose JSONL file must be compared with their rows. */
export function selectStaleSessions(db: Reader): SessionRow[] {
  return db.all(staleSessions, {});
}

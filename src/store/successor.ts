import type { SessionRow } from "./session.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const following = statement<{ key: string; row: number }>()((db, p) =>
  db.selectFrom("sessions").selectAll().where("session_key", "=", p.key).where("id", ">", p.row).orderBy("id").limit(1),
);
/** The session that was opened next in the same place; null while there is none. */
export function selectSuccessor(db: Reader, session: Pick<SessionRow, "id" | "session_key">): SessionRow | null {
  return db.get(following, { key: session.session_key, row: session.id });
}

const renoting = statement<{ row: number; note: string }>()((db, p) =>
  db.updateTable("sessions").set({ opening_note: p.note }).where("id", "=", p.row),
);
/** What a session's agent is told of the conversation before says more than it did when it was opened. */
export function updateOpeningNote(db: Pick<Connection, "run">, row: number, note: string): void {
  db.run(renoting, { row, note });
}

import { sql } from "kysely";
import type { SessionRow } from "./session.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const due = statement<{ nowMs: number; afterMs: number; afterRow: number; limit: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("next_reset_at_ms", "<=", p.nowMs)
    // Written as "or", each page would sort all that is due.
    .where(sql<boolean>`(next_reset_at_ms, id) > (${p.afterMs}, ${p.afterRow})`)
    .orderBy("next_reset_at_ms")
    .orderBy("id")
    .limit(p.limit),
);
/** Live sessions whose reset is due, the most overdue first, a page at a time. */
export function selectDueSessions(
  db: Reader,
  page: { nowMs: number; afterMs: number; afterRow: number; limit: number },
): SessionRow[] {
  return db.all(due, page);
}

const earliest = statement<{ afterMs: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .select("next_reset_at_ms")
    .where("next_reset_at_ms", ">", p.afterMs)
    .orderBy("next_reset_at_ms")
    .limit(1),
);
/** The first reset after `afterMs`, or null. */
export function selectNextResetAt(db: Reader, afterMs: number): number | null {
  return db.get(earliest, { afterMs })?.next_reset_at_ms ?? null;
}

const nextReset = statement<{ row: number; nextResetAtMs: number | null }>()((db, p) =>
  db.updateTable("sessions").set({ next_reset_at_ms: p.nextResetAtMs }).where("id", "=", p.row),
);
/** Stores when a session is due, after its policy changed. */
export function updateNextReset(db: Pick<Connection, "run">, row: number, nextResetAtMs: number | null): void {
  db.run(nextReset, { row, nextResetAtMs });
}

const livePage = statement<{ afterRow: number; limit: number }>()((db, p) =>
  db.selectFrom("sessions").selectAll().where("live", "=", 1).where("id", ">", p.afterRow).orderBy("id").limit(p.limit),
);
/** All live sessions in order of creation, a page at a time. */
export function selectLivePage(db: Reader, afterRow: number, limit: number): SessionRow[] {
  return db.all(livePage, { afterRow, limit });
}

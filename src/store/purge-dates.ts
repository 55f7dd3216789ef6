import type { SessionRow } from "./session.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const due = statement<{ nowMs: number; limit: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("purge_after_ms", "<=", p.nowMs)
    .orderBy("purge_after_ms")
    .orderBy("id")
    .limit(p.limit),
);
/** Ended sessions whose time is over, deleted ones among them, the longest over first. */
export function selectDueForPurge(db: Reader, nowMs: number, limit: number): SessionRow[] {
  return db.all(due, { nowMs, limit });
}

const dating = statement<{ purgeAfterMs: number; limit: number }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({ purge_after_ms: p.purgeAfterMs })
    .where("id", "in", (eb) =>
      eb.selectFrom("sessions").select("id").where("live", "=", 0).where("purge_after_ms", "is", null).limit(p.limit),
    ),
);
/** Gives a date to ended sessions that have none (imported ones, and those that ended before there were dates); returns how many. */
export function dateUndated(db: Run, purgeAfterMs: number, limit: number): number {
  return db.run(dating, { purgeAfterMs, limit }).changes;
}

const undating = statement<{ limit: number }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({ purge_after_ms: null })
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sessions")
        .select("id")
        .where("purge_after_ms", "is not", null)
        .orderBy("purge_after_ms")
        .limit(p.limit),
    ),
);
/** Takes the dates from sessions, and returns from how many: another retention counts from when it came into force. */
export function undate(db: Run, limit: number): number {
  return db.run(undating, { limit }).changes;
}

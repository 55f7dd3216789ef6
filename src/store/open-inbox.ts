import { leaveGrowing } from "./growing-posts.ts";
import { finishInbox } from "./inbox.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const open = statement<object>()((db) =>
  db
    .selectFrom("inbox")
    .select(["id", "session_key", "state", "received_at_ms"])
    .where("state", "in", ["waiting", "running"])
    .orderBy("id"),
);
/** Every row that still wants a turn, in order of arrival. */
export function selectOpenInbox(
  db: Reader,
): { id: number; session_key: string; state: string; received_at_ms: number }[] {
  return db.all(open, {});
}

const openOfKey = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("inbox")
    .select("id")
    .where("session_key", "=", p.key)
    .where("state", "in", ["waiting", "running"])
    .limit(1),
);
/** Whether a key has a row that waits or runs: then its session must not be reset. */
export function hasOpenInbox(db: Reader, key: string): boolean {
  return db.get(openOfKey, { key }) !== null;
}

const earlier = statement<{ key: string; before: number }>()((db, p) =>
  db
    .selectFrom("inbox")
    .select("id")
    .where("session_key", "=", p.key)
    .where("id", "<", p.before)
    .where("state", "in", ["waiting", "running"])
    .limit(1),
);
/** Whether a key has a row that wants a turn and came before this one. */
export function hasEarlierInbox(db: Reader, key: string, before: number): boolean {
  return db.get(earlier, { key, before }) !== null;
}

const waitingOfKey = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("inbox")
    .select(["id", "message_id", "first_outbox_id"])
    .where("session_key", "=", p.key)
    .where("state", "=", "waiting")
    .orderBy("id"),
);
/** Ends every row of a key that waits, unanswered, but for that of the message that asks for it; returns how many. */
export function dropWaiting(db: Run & Reader, key: string, asking: string, nowMs: number): number {
  const error = "dropped by /queue clear";
  const end = { state: "done", firstOutboxId: null, finishedAtMs: nowMs, error } as const;
  const waiting = db.all(waitingOfKey, { key }).filter((row) => row.message_id !== asking);
  return waiting.filter(({ id, first_outbox_id: from }) => {
    // An attempt that was cut had begun to show its answer.
    if (from !== null) leaveGrowing(db, { inboxId: id, from, nowMs });
    return finishInbox(db, { id, ...end });
  }).length;
}

const interruption = statement<object>()((db) =>
  db.updateTable("inbox").set({ state: "waiting" }).where("state", "=", "running"),
);
/** At start nothing runs: rows that a process took with it wait again, each with the attempt it has had. */
export function interruptRunning(db: Run): void {
  db.run(interruption, {});
}

import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const lapsed = statement<{ nowMs: number; limit: number }>()((db, p) =>
  db
    .selectFrom("lifecycle_jobs")
    .select(["id", "attempts"])
    .where("state", "=", "running")
    .where("lease_until_ms", "<=", p.nowMs)
    .orderBy("lease_until_ms")
    .limit(p.limit),
);
/** Running jobs whose lease ran out: who had them is dead, or was asleep. */
export function selectLapsedJobs(db: Reader, nowMs: number, limit: number): { id: number; attempts: number }[] {
  return db.all(lapsed, { nowMs, limit });
}

const due = statement<{ nowMs: number; limit: number }>()((db, p) =>
  db
    .selectFrom("lifecycle_jobs")
    .select(["id", "session", "kind"])
    .where("state", "=", "waiting")
    .where("next_attempt_at_ms", "<=", p.nowMs)
    .orderBy("next_attempt_at_ms")
    .limit(p.limit),
);
/** Waiting jobs whose next attempt is due, the longest due first. */
export function selectDueJobs(db: Reader, nowMs: number, limit: number) {
  return db.all(due, { nowMs, limit });
}

interface After {
  after: number;
}
const nextLease = statement<After>()((db, p) =>
  db
    .selectFrom("lifecycle_jobs")
    .select("lease_until_ms as at_ms")
    .where("state", "=", "running")
    .where("lease_until_ms", ">", p.after)
    .orderBy("lease_until_ms")
    .limit(1),
);
const nextAttempt = statement<After>()((db, p) =>
  db
    .selectFrom("lifecycle_jobs")
    .select("next_attempt_at_ms as at_ms")
    .where("state", "=", "waiting")
    .where("next_attempt_at_ms", ">", p.after)
    .orderBy("next_attempt_at_ms")
    .limit(1),
);
const nextRedo = statement<After>()((db, p) =>
  db
    .selectFrom("archives")
    .select("redo_at_ms as at_ms")
    .where("redo_at_ms", "is not", null)
    .where("redo_at_ms", ">", p.after)
    .orderBy("redo_at_ms")
    .limit(1),
);
/** When there is something to look at next after a time (a lease that may lapse, an attempt, a summary to be made again), or null. */
export function selectNextLifecycleDue(db: Reader, afterMs: number): number | null {
  const times = [nextLease, nextAttempt, nextRedo].flatMap((next) => db.get(next, { after: afterMs })?.at_ms ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

const old = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .deleteFrom("lifecycle_jobs")
    .where("id", "in", (eb) =>
      eb.selectFrom("lifecycle_jobs").select("id").where("finished_at_ms", "<", p.before).limit(p.limit),
    ),
);
/** Forgets jobs that ended before a time, and returns how many. */
export function deleteOldJobs(db: Run, beforeMs: number, limit: number): number {
  return db.run(old, { before: beforeMs, limit }).changes;
}

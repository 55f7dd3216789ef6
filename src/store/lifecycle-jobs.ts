import type { Selectable } from "kysely";
import type { Strategy } from "./archive.ts";
import type { SeqRange } from "./extractions.ts";
import type { LifecycleJobsTable } from "./lifecycle-tables.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** A commit or an extraction, as it stands. */
export interface LifecycleJob extends SeqRange {
  readonly id: number;
  readonly session: number;
  readonly kind: "commit" | "extract";
  /** `waiting`: its lease ran out, or its try failed, and it is tried again. */
  readonly state: "running" | "waiting" | "done" | "failed" | "cancelled";
  readonly archiveId: string | null;
  readonly reason: string;
  readonly instructions: string | null;
  readonly strategy: Strategy;
  readonly attempts: number;
  readonly owner: string | null;
  readonly leaseUntilMs: number | null;
  readonly nextAttemptAtMs: number | null;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | null;
  /** What came of it; null before that. */
  readonly result: unknown;
  readonly error: string | null;
}

function jobOf(row: Selectable<LifecycleJobsTable>): LifecycleJob {
  return {
    id: row.id,
    session: row.session,
    kind: row.kind,
    state: row.state,
    archiveId: row.archive_id,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    reason: row.reason,
    instructions: row.instructions,
    strategy: row.strategy,
    attempts: row.attempts,
    owner: row.owner,
    leaseUntilMs: row.lease_until_ms,
    nextAttemptAtMs: row.next_attempt_at_ms,
    createdAtMs: row.created_at_ms,
    finishedAtMs: row.finished_at_ms,
    result: row.result === null ? null : JSON.parse(row.result),
    error: row.error,
  };
}

const byId = statement<{ id: number }>()((db, p) => db.selectFrom("lifecycle_jobs").selectAll().where("id", "=", p.id));
/** The job with this number, or null: none had it, or it is forgotten. */
export function selectJob(db: Reader, id: number): LifecycleJob | null {
  const row = db.get(byId, { id });
  return row === null ? null : jobOf(row);
}

const open = statement<{ session: number; kind: LifecycleJob["kind"] }>()((db, p) =>
  db
    .selectFrom("lifecycle_jobs")
    .selectAll()
    .where("session", "=", p.session)
    .where("kind", "=", p.kind)
    .where("state", "in", ["running", "waiting"]),
);
/** The open job of a session, or null. */
export function selectOpenJob(db: Reader, session: number, kind: LifecycleJob["kind"]): LifecycleJob | null {
  const row = db.get(open, { session, kind });
  return row === null ? null : jobOf(row);
}

const recent = statement<{ session: number; limit: number }>()((db, p) =>
  db.selectFrom("lifecycle_jobs").selectAll().where("session", "=", p.session).orderBy("id", "desc").limit(p.limit),
);
/** The newest jobs of a session. */
export function selectJobsOfSession(db: Reader, session: number, limit: number): LifecycleJob[] {
  return db.all(recent, { session, limit }).map(jobOf);
}

/** What a job starts with: it is running at once. */
export interface NewJob {
  session: number;
  kind: LifecycleJob["kind"];
  archiveId: string | null;
  fromSeq: number;
  toSeq: number;
  reason: string;
  instructions: string | null;
  strategy: Strategy;
  owner: string;
  leaseUntilMs: number;
  createdAtMs: number;
}
const insertion = statement<NewJob>()((db, p) =>
  db.insertInto("lifecycle_jobs").values({
    session: p.session,
    kind: p.kind,
    state: "running",
    archive_id: p.archiveId,
    from_seq: p.fromSeq,
    to_seq: p.toSeq,
    reason: p.reason,
    instructions: p.instructions,
    strategy: p.strategy,
    attempts: 1,
    owner: p.owner,
    lease_until_ms: p.leaseUntilMs,
    created_at_ms: p.createdAtMs,
  }),
);
/** Adds a job and returns its number; the unique index refuses a second open one of its kind in a session. */
export function insertJob(db: Run, job: NewJob): number {
  return db.run(insertion, job).lastId;
}

const taking = statement<{ id: number; owner: string; leaseUntilMs: number }>()((db, p) =>
  db
    .updateTable("lifecycle_jobs")
    .set((eb) => ({
      state: "running",
      owner: p.owner,
      lease_until_ms: p.leaseUntilMs,
      next_attempt_at_ms: null,
      attempts: eb("attempts", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("state", "=", "waiting"),
);
/** Takes a waiting job for another attempt; false when somebody else has it. */
export function takeJob(db: Run, lease: { id: number; owner: string; leaseUntilMs: number }): boolean {
  return db.run(taking, lease).changes === 1;
}

const renewal = statement<{ id: number; owner: string; attempt: number; leaseUntilMs: number }>()((db, p) =>
  db
    .updateTable("lifecycle_jobs")
    .set({ lease_until_ms: p.leaseUntilMs })
    .where("id", "=", p.id)
    .where("state", "=", "running")
    .where("owner", "=", p.owner)
    .where("attempts", "=", p.attempt),
);
/** Makes a lease last longer; false when it is not ours any more: whatever is being done for it is in vain. */
export function renewLease(
  db: Run,
  lease: { id: number; owner: string; attempt: number; leaseUntilMs: number },
): boolean {
  return db.run(renewal, lease).changes === 1;
}

const ending = statement<{
  id: number;
  state: "done" | "failed" | "cancelled";
  finishedAtMs: number;
  result: string | null;
  error: string | null;
}>()((db, p) =>
  db
    .updateTable("lifecycle_jobs")
    .set({
      state: p.state,
      finished_at_ms: p.finishedAtMs,
      lease_until_ms: null,
      next_attempt_at_ms: null,
      result: p.result,
      error: p.error,
    })
    .where("id", "=", p.id)
    .where("state", "in", ["running", "waiting"]),
);
/** Ends an open job; false when it has ended already. */
export function endJob(
  db: Run,
  end: {
    id: number;
    state: "done" | "failed" | "cancelled";
    finishedAtMs: number;
    result?: unknown;
    error?: string | null;
  },
): boolean {
  const { result, error = null } = end;
  return db.run(ending, { ...end, result: result === undefined ? null : JSON.stringify(result), error }).changes === 1;
}

const waiting = statement<{ id: number; nextAttemptAtMs: number; error: string }>()((db, p) =>
  db
    .updateTable("lifecycle_jobs")
    .set({
      state: "waiting",
      owner: null,
      lease_until_ms: null,
      next_attempt_at_ms: p.nextAttemptAtMs,
      error: p.error,
    })
    .where("id", "=", p.id)
    .where("state", "=", "running"),
);
/** Gives a running job back, to be taken again after a while. */
export function postponeJob(db: Run, later: { id: number; nextAttemptAtMs: number; error: string }): void {
  db.run(waiting, later);
}

const note = statement<{ id: number; error: string }>()((db, p) =>
  db.updateTable("lifecycle_jobs").set({ error: p.error }).where("id", "=", p.id),
);
/** Keeps with a job what went wrong without stopping it. */
export function noteOnJob(db: Run, id: number, error: string): void {
  db.run(note, { id, error });
}

const overrun = statement<{ session: number; fromSeq: number }>()((db, p) =>
  db
    .updateTable("lifecycle_jobs")
    .set((eb) => ({
      state: "failed",
      error: "its lines were taken back",
      lease_until_ms: null,
      next_attempt_at_ms: null,
      // Who takes lines back says no time; this one is near enough to be forgotten by.
      finished_at_ms: eb.ref("created_at_ms"),
    }))
    .where("session", "=", p.session)
    .where("state", "in", ["running", "waiting"])
    .where("to_seq", ">=", p.fromSeq),
);
/** Lines from `fromSeq` on are gone: what was being made of them fails. */
export function failJobsOver(db: Run, session: number, fromSeq: number): void {
  db.run(overrun, { session, fromSeq });
}

const removal = statement<{ session: number }>()((db, p) =>
  db.deleteFrom("lifecycle_jobs").where("session", "=", p.session),
);
/** Forgets the jobs of a session. */
export function deleteJobs(db: Run, session: number): void {
  db.run(removal, { session });
}

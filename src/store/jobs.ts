import { type Insertable, type Selectable, sql } from "kysely";
import type { JobsTable } from "./job-tables.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** A job as it is stored. */
export type JobRow = Selectable<JobsTable>;
/** A job as it is inserted: active, and never run. */
export type NewJob = Omit<
  Insertable<JobsTable>,
  "id" | "state" | "state_reason" | "runs" | "failures" | "last_run_at_ms" | "changed_at_ms"
> & { jitter_ms: number };

const insertion = statement<NewJob>()((db, p) =>
  db.insertInto("jobs").values({
    name: p.name,
    made_by: p.made_by,
    maker_platform: p.maker_platform,
    maker_id: p.maker_id,
    maker_name: p.maker_name,
    origin: p.origin,
    schedule_text: p.schedule_text,
    schedule: p.schedule,
    time_zone: p.time_zone,
    text: p.text,
    agent: p.agent,
    targets: p.targets,
    session: p.session,
    catch_up: p.catch_up,
    overlap: p.overlap,
    jitter_ms: p.jitter_ms,
    days: p.days,
    ends_at_ms: p.ends_at_ms,
    max_runs: p.max_runs,
    state: "active",
    next_due_at_ms: p.next_due_at_ms,
    next_run_at_ms: p.next_run_at_ms,
    created_at_ms: p.created_at_ms,
    changed_at_ms: p.created_at_ms,
  }),
);
/** Adds a job and returns its number; the unique index refuses a name that is taken. */
export function insertJob(db: Run, job: NewJob): number {
  return db.run(insertion, job).lastId;
}

const rewriting = statement<NewJob & { id: number; nowMs: number }>()((db, p) =>
  db
    .updateTable("jobs")
    .set({
      schedule_text: p.schedule_text,
      schedule: p.schedule,
      time_zone: p.time_zone,
      text: p.text,
      agent: p.agent,
      targets: p.targets,
      session: p.session,
      catch_up: p.catch_up,
      overlap: p.overlap,
      jitter_ms: p.jitter_ms,
      days: p.days,
      ends_at_ms: p.ends_at_ms,
      max_runs: p.max_runs,
      next_due_at_ms: p.next_due_at_ms,
      next_run_at_ms: p.next_run_at_ms,
      state: "active",
      state_reason: null,
      failures: 0,
      changed_at_ms: p.nowMs,
    })
    .where("id", "=", p.id),
);
/** What a job is to do was changed: it is active, as if it had never failed. */
export function rewriteJob(db: Run, id: number, job: NewJob, nowMs: number): void {
  db.run(rewriting, { ...job, id, nowMs });
}

const byId = statement<{ id: number }>()((db, p) => db.selectFrom("jobs").selectAll().where("id", "=", p.id));
/** One job, or null. */
export function selectJob(db: Reader, id: number): JobRow | null {
  return db.get(byId, { id });
}

const byName = statement<{ name: string }>()((db, p) =>
  db.selectFrom("jobs").selectAll().where("name", "=", p.name).where("state", "<>", "done"),
);
/** The job of a name that is not done, or null. */
export function selectJobOfName(db: Reader, name: string): JobRow | null {
  return db.get(byName, { name });
}

const page = statement<{ after: number; limit: number }>()((db, p) =>
  db.selectFrom("jobs").selectAll().where("id", ">", p.after).orderBy("id").limit(p.limit),
);
/** Jobs in order of their making, done ones included, a page at a time. */
export function selectJobs(db: Reader, after: number, limit: number): JobRow[] {
  return db.all(page, { after, limit });
}

const ofMaker = statement<{ platform: string; userId: string; limit: number }>()((db, p) =>
  db
    .selectFrom("jobs")
    .selectAll()
    .where("maker_platform", "=", p.platform)
    .where("maker_id", "=", p.userId)
    .where("maker_id", "is not", null)
    .where("state", "<>", "done")
    .orderBy("id")
    .limit(p.limit),
);
/** A person's jobs that are not done, oldest first. */
export function selectJobsOfMaker(db: Reader, platform: string, userId: string, limit: number): JobRow[] {
  return db.all(ofMaker, { platform, userId, limit });
}

const due = statement<{ nowMs: number; afterMs: number; afterId: number; limit: number }>()((db, p) =>
  db
    .selectFrom("jobs")
    .selectAll()
    .where("next_run_at_ms", "<=", p.nowMs)
    // Written as "or", each page would sort all that is due.
    .where(sql<boolean>`(next_run_at_ms, id) > (${p.afterMs}, ${p.afterId})`)
    .orderBy("next_run_at_ms")
    .orderBy("id")
    .limit(p.limit),
);
/** Jobs whose time has come, the most overdue first, a page at a time. */
export function selectDueJobs(
  db: Reader,
  wanted: { nowMs: number; afterMs: number; afterId: number; limit: number },
): JobRow[] {
  return db.all(due, wanted);
}

const earliest = statement<{ afterMs: number }>()((db, p) =>
  db
    .selectFrom("jobs")
    .select("next_run_at_ms")
    .where("next_run_at_ms", ">", p.afterMs)
    .orderBy("next_run_at_ms")
    .limit(1),
);
/** When the first job after `afterMs` is due, or null. */
export function selectNextJobAt(db: Reader, afterMs: number): number | null {
  return db.get(earliest, { afterMs })?.next_run_at_ms ?? null;
}

/** A job's way from one time to the next. */
export interface JobClaim {
  id: number;
  /** When the row that was read says it runs: the claim holds only while that is so. */
  runAtMs: number;
  nextDueAtMs: number | null;
  nextRunAtMs: number | null;
  /** 1 when this counts towards `max_runs`. */
  counts: number;
  /** When it ran last, from now on. */
  lastRunAtMs: number | null;
}
const claim = statement<JobClaim>()((db, p) =>
  db
    .updateTable("jobs")
    .set((eb) => ({
      next_due_at_ms: p.nextDueAtMs,
      next_run_at_ms: p.nextRunAtMs,
      runs: eb("runs", "+", p.counts),
      last_run_at_ms: p.lastRunAtMs,
    }))
    .where("id", "=", p.id)
    .where("next_run_at_ms", "=", p.runAtMs)
    .where("state", "=", "active"),
);
/** Takes a job's due time: this conditional update is the lock, and false means that somebody else has it. */
export function claimJob(db: Run, claimed: JobClaim): boolean {
  return db.run(claim, claimed).changes === 1;
}

const plan = statement<{ id: number; dueAtMs: number | null; runAtMs: number | null }>()((db, p) =>
  db
    .updateTable("jobs")
    .set({ next_due_at_ms: p.dueAtMs, next_run_at_ms: p.runAtMs })
    .where("id", "=", p.id)
    .where("state", "=", "active"),
);
/** Moves the next run of an active job. */
export function updateNextRun(db: Run, id: number, dueAtMs: number | null, runAtMs: number | null): void {
  db.run(plan, { id, dueAtMs, runAtMs });
}

const ran = statement<{ id: number; atMs: number }>()((db, p) =>
  db.updateTable("jobs").set({ last_run_at_ms: p.atMs }).where("id", "=", p.id),
);
/** Notes when a job ran that was run out of turn. */
export function updateLastRun(db: Run, id: number, atMs: number): void {
  db.run(ran, { id, atMs });
}

const failures = statement<{ id: number; failures: number }>()((db, p) =>
  db.updateTable("jobs").set({ failures: p.failures }).where("id", "=", p.id),
);
/** Keeps how often a job has failed in a row. */
export function updateFailures(db: Run, id: number, count: number): void {
  db.run(failures, { id, failures: count });
}

const state = statement<{
  id: number;
  state: JobRow["state"];
  reason: string | null;
  dueAtMs: number | null;
  runAtMs: number | null;
  nowMs: number;
}>()((db, p) =>
  db
    .updateTable("jobs")
    .set({
      state: p.state,
      state_reason: p.reason,
      next_due_at_ms: p.dueAtMs,
      next_run_at_ms: p.runAtMs,
      changed_at_ms: p.nowMs,
    })
    .where("id", "=", p.id),
);
/** Pauses a job, ends it, or makes it active again with its next run. */
export function updateJobState(
  db: Run,
  change: {
    id: number;
    state: JobRow["state"];
    reason: string | null;
    dueAtMs: number | null;
    runAtMs: number | null;
    nowMs: number;
  },
): void {
  db.run(state, change);
}

const standingReason = statement<{ id: number; reason: string | null }>()((db, p) =>
  db.updateTable("jobs").set({ state_reason: p.reason }).where("id", "=", p.id).where("state", "=", "active"),
);
/** Keeps what stands in the way of an active job, in words; null when nothing does. */
export function updateStandingReason(db: Run, id: number, reason: string | null): void {
  db.run(standingReason, { id, reason });
}

const counted = statement<object>()((db) =>
  db
    .selectFrom("jobs")
    .select((eb) => ["state", eb.fn.countAll<number>().as("rows")])
    .groupBy("state"),
);
/** How many jobs there are in each state. */
export function countJobs(db: Reader): Readonly<Record<JobRow["state"], number>> {
  const rows = db.all(counted, {});
  const of = (wanted: JobRow["state"]) => Number(rows.find((row) => row.state === wanted)?.rows ?? 0);
  return { active: of("active"), paused: of("paused"), done: of("done") };
}

const over = statement<{ beforeMs: number; limit: number }>()((db, p) =>
  db.deleteFrom("jobs").where("id", "in", (eb) =>
    eb
      .selectFrom("jobs")
      .select("id")
      .where("state", "=", "done")
      // The file may still name it: it would begin again.
      .where("made_by", "<>", "config")
      .where("changed_at_ms", "<", p.beforeMs)
      .orderBy("changed_at_ms")
      .limit(p.limit),
  ),
);
/** Forgets jobs, but for those of the configuration, that were done before then, with their runs; returns how many. */
export function deleteDoneJobs(db: Run, beforeMs: number, limit: number): number {
  return db.run(over, { beforeMs, limit }).changes;
}

import type { Selectable } from "kysely";
import type { JobRunsTable } from "./job-tables.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** A run as it is stored. */
export type JobRunRow = Selectable<JobRunsTable>;

/** A run as it is inserted. */
export interface NewJobRun {
  job: number;
  dueAtMs: number;
  attempt: number;
  /** 1 or 0. */
  byHand: number;
  state: "claimed" | "skipped";
  nowMs: number;
  /** Null while it is open. */
  finishedAtMs: number | null;
  error: string | null;
}
const insertion = statement<NewJobRun>()((db, p) =>
  db.insertInto("job_runs").values({
    job: p.job,
    due_at_ms: p.dueAtMs,
    attempt: p.attempt,
    by_hand: p.byHand,
    state: p.state,
    claimed_at_ms: p.nowMs,
    finished_at_ms: p.finishedAtMs,
    error: p.error,
  }),
);
/** Adds a run and returns its number, which is never used again. */
export function insertJobRun(db: Run, run: NewJobRun): number {
  return db.run(insertion, run).lastId;
}

const inbox = statement<{ id: number; inboxId: number }>()((db, p) =>
  db.updateTable("job_runs").set({ inbox_id: p.inboxId }).where("id", "=", p.id),
);
/** Which inbox row wants the turn of a run. */
export function updateRunInbox(db: Run, id: number, inboxId: number): void {
  db.run(inbox, { id, inboxId });
}

const begin = statement<{ id: number; session: string | null; nowMs: number }>()((db, p) =>
  db
    .updateTable("job_runs")
    .set({ state: "running", session: p.session, started_at_ms: p.nowMs })
    .where("id", "=", p.id)
    .where("state", "in", ["claimed", "running"]),
);
/** The turn of a run begins (again). */
export function markRunStarted(db: Run, id: number, session: string | null, nowMs: number): void {
  db.run(begin, { id, session, nowMs });
}

/** How a run ended. */
export interface EndedRun {
  id: number;
  state: "done" | "failed" | "skipped";
  nowMs: number;
  error: string | null;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
  output: string | null;
  /** A JSON list; null when nothing was delivered. */
  delivered: string | null;
}
const end = statement<EndedRun>()((db, p) =>
  db
    .updateTable("job_runs")
    .set({
      state: p.state,
      finished_at_ms: p.nowMs,
      error: p.error,
      input_tokens: p.inputTokens,
      output_tokens: p.outputTokens,
      cost_usd: p.costUsd,
      output: p.output,
      delivered: p.delivered,
    })
    .where("id", "=", p.id)
    .where("state", "in", ["claimed", "running"]),
);
/** Ends a run; false when it had ended already. */
export function markRunEnded(db: Run, ended: EndedRun): boolean {
  return db.run(end, ended).changes === 1;
}

const complaint = statement<{ id: number; error: string }>()((db, p) =>
  db.updateTable("job_runs").set({ error: p.error }).where("id", "=", p.id),
);
/** Notes what went wrong after a run had ended: a post that was given up. */
export function updateRunError(db: Run, id: number, error: string): void {
  db.run(complaint, { id, error });
}

const byId = statement<{ id: number }>()((db, p) => db.selectFrom("job_runs").selectAll().where("id", "=", p.id));
/** One run, or null. */
export function selectJobRun(db: Reader, id: number): JobRunRow | null {
  return db.get(byId, { id });
}

const ofInbox = statement<{ inboxId: number }>()((db, p) =>
  db.selectFrom("job_runs").selectAll().where("inbox_id", "=", p.inboxId).where("inbox_id", "is not", null),
);
/** The run an inbox row belongs to, or null. */
export function selectRunOfInbox(db: Reader, inboxId: number): JobRunRow | null {
  return db.get(ofInbox, { inboxId });
}

const ofJob = statement<{ job: number; before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("job_runs")
    .selectAll()
    .where("job", "=", p.job)
    .where("id", "<", p.before)
    .orderBy("id", "desc")
    .limit(p.limit),
);
/** A job's runs with smaller numbers than `before`, newest first. */
export function selectJobRuns(db: Reader, job: number, limit: number, before = Number.MAX_SAFE_INTEGER): JobRunRow[] {
  return db.all(ofJob, { job, before, limit });
}

const open = statement<{ limit: number }>()((db, p) =>
  db.selectFrom("job_runs").selectAll().where("state", "in", ["claimed", "running"]).limit(p.limit),
);
/** Runs that have not ended. */
export function selectOpenRuns(db: Reader, limit: number): JobRunRow[] {
  return db.all(open, { limit });
}

const openOfJob = statement<{ job: number }>()((db, p) =>
  db.selectFrom("job_runs").select("id").where("job", "=", p.job).where("state", "in", ["claimed", "running"]).limit(1),
);
/** Whether a job has a run that has not ended. */
export function hasOpenRun(db: Reader, job: number): boolean {
  return db.get(openOfJob, { job }) !== null;
}

const openCount = statement<object>()((db) =>
  db
    .selectFrom("job_runs")
    .select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("state", "in", ["claimed", "running"]),
);
/** How many runs have not ended. */
export function countOpenRuns(db: Reader): number {
  return Number(db.get(openCount, {})?.rows ?? 0);
}

const newest = statement<object>()((db) =>
  db.selectFrom("job_runs").select("claimed_at_ms").orderBy("id", "desc").limit(1),
);
/** When the newest run was claimed, or null: a clock that shows less was set back. */
export function selectLastClaimAt(db: Reader): number | null {
  return db.get(newest, {})?.claimed_at_ms ?? null;
}

const kept = statement<{ job: number; keep: number }>()((db, p) =>
  db.selectFrom("job_runs").select("id").where("job", "=", p.job).orderBy("id", "desc").offset(p.keep).limit(1),
);
const removal = statement<{ job: number; through: number }>()((db, p) =>
  db
    .deleteFrom("job_runs")
    .where("job", "=", p.job)
    .where("id", "<=", p.through)
    .where("state", "in", ["done", "failed", "skipped"]),
);
/** Forgets all but the newest `keep` runs of a job; returns how many. */
export function deleteOldRuns(db: Run & Reader, job: number, keep: number): number {
  const first = db.get(kept, { job, keep });
  return first === null ? 0 : db.run(removal, { job, through: first.id }).changes;
}

import { describePlan } from "../schedule/describe-schedule.ts";
import { type Job, upcoming } from "../schedule/job.ts";
import { type JobRunRow, selectJobRuns } from "../store/job-runs.ts";
import type { Reader } from "../store/sqlite.ts";

/** Runs shown with one job. */
const SHOWN_RUNS = 20;
/** Next times shown with one job. */
const SHOWN_TIMES = 5;

/** A job as the API and `parley jobs --json` show it: names instead of the database's numbers, times in milliseconds since 1970 UTC. */
export function jobJson(reader: Reader, job: Job) {
  const last = selectJobRuns(reader, job.id, 1)[0];
  const { plan } = job;
  return {
    name: job.name,
    state: job.state,
    stateReason: job.stateReason,
    madeBy: job.madeBy,
    /** Null for an operator's. */
    maker: job.maker,
    schedule: job.scheduleText,
    /** The schedule in words for people. */
    scheduleWords: describePlan(plan),
    timeZone: plan.timeZone,
    text: job.text,
    /** Null for a reminder. */
    agent: job.agent,
    deliver: job.targets,
    session: job.session,
    catchUp: job.catchUp,
    overlap: job.overlap,
    jitterMs: plan.jitterMs,
    days: plan.days,
    endsAtMs: plan.endsAtMs,
    maxRuns: job.maxRuns,
    nextRunAtMs: job.nextRunAtMs,
    lastRunAtMs: job.lastRunAtMs,
    runs: job.runs,
    failures: job.failures,
    createdAtMs: job.createdAtMs,
    lastRun: last === undefined ? null : runJson(last),
  };
}

/** One job with its next times and its last runs, newest first. */
export function wholeJobJson(reader: Reader, job: Job, nowMs: number) {
  return {
    ...jobJson(reader, job),
    nextTimesMs: job.state === "active" ? upcoming(job.plan, nowMs, SHOWN_TIMES) : [],
    lastRuns: selectJobRuns(reader, job.id, SHOWN_RUNS).map(runJson),
  };
}

function runJson(run: JobRunRow) {
  const { started_at_ms: startedAtMs, finished_at_ms: finishedAtMs } = run;
  return {
    state: run.state,
    dueAtMs: run.due_at_ms,
    attempt: run.attempt,
    /** Whether somebody asked for it out of turn. */
    byHand: run.by_hand === 1,
    startedAtMs,
    finishedAtMs,
    durationMs: startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs,
    error: run.error,
    inputTokens: run.input_tokens,
    outputTokens: run.output_tokens,
    /** Null when nobody knows. */
    costUsd: run.cost_usd,
    /** The beginning of what came of it; null for nothing. */
    output: run.output,
    delivered: run.delivered === null ? [] : (JSON.parse(run.delivered) as readonly string[]),
    sessionId: run.session,
  };
}

import type { Usage } from "../agent/backend.ts";
import { backOffMs } from "../clock/back-off.ts";
import { cutText } from "../session/untrusted-text.ts";
import { deleteOldRuns, type JobRunRow, markRunEnded } from "../store/job-runs.ts";
import { selectJob, updateFailures, updateNextRun, updateStandingReason } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import { setState } from "./change-job.ts";
import { type Job, jobOf } from "./job.ts";

/** How a run came out. */
export interface RunOutcome {
  readonly state: "done" | "failed" | "skipped";
  /** What went wrong; of a run that is done: with its delivery. */
  readonly error: string | null;
  readonly usage: Usage | null;
  /** What came of it; its beginning is kept. */
  readonly output: string;
  /** Where that went, in words. */
  readonly delivered: readonly string[];
}

/** A run that ended. */
export interface RunEnd {
  readonly job: Job;
  readonly state: RunOutcome["state"];
  /** Why the job was paused by it; null when it was not. */
  readonly pausedWhy: string | null;
  /** When the job runs next. */
  readonly nextRunAtMs: number | null;
}

/** Failures in a row after which a job is paused: somebody has to look. */
const MAX_FAILURES = 5;
/** First wait after a failure; each further one is twice as long. */
const FIRST_RETRY_MS = 60_000;
const MAX_RETRY_MS = 3_600_000;
/** Runs kept of a job. */
const KEPT_RUNS = 100;
/** Longest output kept with a run, in UTF-16 units: enough to recognise it; the whole is in the transcript, or the file. */
const MAX_OUTPUT = 2_000;
const MAX_ERROR = 500;

/** Ends a run in the caller's transaction and decides what its job does next: goes on, tries again, is paused, or is done. Null when the run had ended already. */
export function endRun(tx: Tx, run: JobRunRow, outcome: RunOutcome, nowMs: number): RunEnd | null {
  const { state, usage } = outcome;
  const ended = markRunEnded(tx, {
    id: run.id,
    state,
    nowMs,
    error: outcome.error?.slice(0, MAX_ERROR) ?? null,
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    costUsd: usage?.costUsd ?? null,
    output: outcome.output === "" ? null : cutText(outcome.output, MAX_OUTPUT),
    delivered: outcome.delivered.length === 0 ? null : JSON.stringify(outcome.delivered),
  });
  const row = ended ? selectJob(tx, run.job) : null;
  if (row === null) return null;
  deleteOldRuns(tx, row.id, KEPT_RUNS);
  const pausedWhy = state === "failed" && run.by_hand === 0 ? failAgain(tx, run, outcome, nowMs) : null;
  if (state === "done") updateFailures(tx, row.id, 0);
  // It arrived everywhere.
  if (state === "done" && outcome.error === null && row.state === "active" && row.state_reason !== null) {
    updateStandingReason(tx, row.id, null);
  }
  const after = selectJob(tx, row.id) ?? row;
  if (after.state === "active" && after.next_run_at_ms === null) {
    setState(
      tx,
      after,
      "done",
      state === "failed" ? "it failed, and has no time left" : "it ran for the last time",
      null,
      nowMs,
    );
  }
  return { job: jobOf(after), state, pausedWhy, nextRunAtMs: after.next_run_at_ms };
}

/** Counts a failure, and plans the next try or pauses the job; returns why it was paused. */
function failAgain(tx: Tx, run: JobRunRow, outcome: RunOutcome, nowMs: number): string | null {
  const row = selectJob(tx, run.job);
  if (row === null) return null;
  const failures = row.failures + 1;
  updateFailures(tx, row.id, failures);
  if (row.state !== "active") return null;
  if (failures >= MAX_FAILURES) {
    const why = `it failed ${failures} times in a row: ${outcome.error ?? "nobody knows why"}`;
    setState(tx, row, "paused", why, null, nowMs);
    return why;
  }
  const retryAtMs = nowMs + backOffMs(failures, FIRST_RETRY_MS, MAX_RETRY_MS);
  if (row.next_run_at_ms === null || retryAtMs < row.next_run_at_ms) {
    updateNextRun(tx, row.id, run.due_at_ms, retryAtMs);
  }
  return null;
}

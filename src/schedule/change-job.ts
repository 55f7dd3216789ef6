import { type JobRow, selectJob, updateFailures, updateJobState, updateNextRun } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import { hasMostActiveJobs, MAX_ACTIVE_JOBS } from "./active-jobs.ts";
import { type Job, jobOf, planOf } from "./job.ts";
import { jitterOf, nextDue } from "./next-due.ts";

/** What became of a change: the job as it is now, or why not, in words for whoever wanted it. */
export type ChangedJob =
  | { readonly kind: "changed"; readonly job: Job }
  | { readonly kind: "refused"; readonly message: string };

/** Longest reason kept with a job, in UTF-16 units. */
const MAX_REASON = 500;

/** Pauses a job until it is resumed; a run that has begun goes on. Config jobs are refused: the file says what they do. */
export function pauseJob(tx: Tx, id: number, reason: string, nowMs: number): ChangedJob {
  return change(tx, id, (row) => {
    if (row.state !== "active") return `${row.name} is not active.`;
    setState(tx, row, "paused", reason, null, nowMs);
    return null;
  });
}

/** Makes a paused job active again, as if it had never failed, one of the configuration too; tell the job watcher of its next run. */
export function resumeJob(tx: Tx, id: number, nowMs: number): ChangedJob {
  return changeAny(tx, id, (row) => {
    if (row.state !== "paused") return `${row.name} is not paused.`;
    const { maker } = jobOf(row);
    if (maker !== null && hasMostActiveJobs(tx, maker)) {
      return `Whoever made ${row.name} has ${MAX_ACTIVE_JOBS} active jobs already: remove or pause one of them first.`;
    }
    const dueAtMs = nextDue(planOf(row), nowMs);
    if (dueAtMs === null) return `${row.name} has no time left to run at.`;
    updateFailures(tx, row.id, 0);
    setState(tx, row, "active", null, dueAtMs, nowMs);
    return null;
  });
}

/** Ends a job for good; its history is kept for a while and its name is free. */
export function removeJob(tx: Tx, id: number, reason: string, nowMs: number): ChangedJob {
  return change(tx, id, (row) => {
    if (row.state === "done") return `${row.name} is done already.`;
    setState(tx, row, "done", reason, null, nowMs);
    return null;
  });
}

/** Sets a job's state with the reason; `dueAtMs` is its next time when it is active. */
export function setState(
  tx: Tx,
  row: JobRow,
  state: Job["state"],
  reason: string | null,
  dueAtMs: number | null,
  nowMs: number,
): void {
  const runAtMs = dueAtMs === null ? null : dueAtMs + jitterOf(row.name, dueAtMs, row.jitter_ms);
  updateJobState(tx, { id: row.id, state, reason: reason?.slice(0, MAX_REASON) ?? null, dueAtMs, runAtMs, nowMs });
}

/** Computes an active job's next run anew, from now on. */
export function planAnew(tx: Tx, row: JobRow, afterMs: number): void {
  const dueAtMs = nextDue(planOf(row), afterMs);
  updateNextRun(tx, row.id, dueAtMs, dueAtMs === null ? null : dueAtMs + jitterOf(row.name, dueAtMs, row.jitter_ms));
}

function change(tx: Tx, id: number, act: (row: JobRow) => string | null): ChangedJob {
  return changeAny(tx, id, (row) =>
    row.made_by === "config" ? `${row.name} is a job of the configuration file: it is changed there.` : act(row),
  );
}

function changeAny(tx: Tx, id: number, act: (row: JobRow) => string | null): ChangedJob {
  const row = selectJob(tx, id);
  if (row === null) return { kind: "refused", message: "There is no such job." };
  const problem = act(row);
  if (problem !== null) return { kind: "refused", message: problem };
  const changed = selectJob(tx, id);
  if (changed === null) throw new Error("a job that was changed a statement ago is gone");
  return { kind: "changed", job: jobOf(changed) };
}

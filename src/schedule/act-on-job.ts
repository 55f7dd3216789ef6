import { selectJob } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import { type ChangedJob, pauseJob, removeJob, resumeJob } from "./change-job.ts";
import { runJobNow } from "./claim-run.ts";
import { jobOf } from "./job.ts";
import type { JobDesk } from "./job-desk.ts";

/** What can be done about a job that is there. */
export type JobAction = "run" | "pause" | "resume" | "remove";
export const jobActions: readonly JobAction[] = ["run", "pause", "resume", "remove"];

/** Does something about a job in the caller's transaction; the job watcher is told once that is on disk. `by` is who, for the reason kept with it. */
export function actOnJob(
  tx: Tx,
  desk: Pick<JobDesk, "claims" | "takeWaiting" | "changed">,
  id: number,
  action: JobAction,
  by: string,
  nowMs: number,
): ChangedJob {
  const changed = act(tx, desk, id, action, by, nowMs);
  if (changed.kind === "changed") {
    const { name, nextRunAtMs } = changed.job;
    tx.afterCommit(() => desk.changed(name, nextRunAtMs));
  }
  return changed;
}

function act(
  tx: Tx,
  desk: Pick<JobDesk, "claims" | "takeWaiting">,
  id: number,
  action: JobAction,
  by: string,
  nowMs: number,
): ChangedJob {
  switch (action) {
    case "pause":
      return pauseJob(tx, id, `paused by ${by}`, nowMs);
    case "resume":
      return resumeJob(tx, id, nowMs);
    case "remove":
      return removeJob(tx, id, `removed by ${by}`, nowMs);
    case "run": {
      const run = runJobNow(tx, id, desk.claims, nowMs);
      if (run.kind === "refused") return run;
      tx.afterCommit(() => desk.takeWaiting([run]));
      const row = selectJob(tx, id);
      if (row === null) throw new Error("a job that runs is gone");
      return { kind: "changed", job: jobOf(row) };
    }
  }
}

import { endJob, type LifecycleJob, postponeJob, selectJob } from "../store/lifecycle-jobs.ts";
import type { Tx } from "../store/writer.ts";
import { MAX_JOB_ATTEMPTS } from "./lifecycle.ts";

/** Before a job that failed is tried again; doubled with each attempt. */
const RETRY_MS = 30_000;

/** Gives a job another attempt, at once where the process stops and the next one is to make it, or ends it after the fifth; false when it is not open any more, or somebody else's. */
export function retryLater(
  tx: Tx,
  claimed: LifecycleJob,
  { error, wasStopped }: { readonly error: string; readonly wasStopped: boolean },
  nowMs: number,
): boolean {
  const job = selectJob(tx, claimed.id);
  if (job?.state !== "running" || job.owner !== claimed.owner || job.attempts !== claimed.attempts) return false;
  if (job.attempts >= MAX_JOB_ATTEMPTS) endJob(tx, { id: job.id, state: "failed", finishedAtMs: nowMs, error });
  else {
    const delayMs = wasStopped ? 0 : RETRY_MS * 2 ** (job.attempts - 1);
    postponeJob(tx, { id: job.id, nextAttemptAtMs: nowMs + delayMs, error });
  }
  return true;
}

import { endJob, type LifecycleJob, postponeJob, selectJob } from "../store/lifecycle-jobs.ts";
import type { Tx } from "../store/writer.ts";
import { MAX_JOB_ATTEMPTS } from "./lifecycle.ts";

/** Before a job that failed is tried again; doubled with each attempt. */
const RETRY_MS = 30_000;

/** Gives a job another attempt, or ends it after the fifth; false when it is not open any more, or somebody else's. */
export function retryLater(tx: Tx, claimed: LifecycleJob, error: string, nowMs: number): boolean {
  const job = selectJob(tx, claimed.id);
  if (job?.state !== "running" || job.owner !== claimed.owner || job.attempts !== claimed.attempts) return false;
  if (job.attempts >= MAX_JOB_ATTEMPTS) endJob(tx, { id: job.id, state: "failed", finishedAtMs: nowMs, error });
  else postponeJob(tx, { id: job.id, nextAttemptAtMs: nowMs + RETRY_MS * 2 ** (job.attempts - 1), error });
  return true;
}

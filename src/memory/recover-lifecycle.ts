import { selectLapsedJobs } from "../store/lifecycle-dues.ts";
import { endJob, postponeJob } from "../store/lifecycle-jobs.ts";
import { type Lifecycle, MAX_JOB_ATTEMPTS } from "./lifecycle.ts";

const BATCH = 100;

/** Puts jobs back whose lease ran out, or ends them after five attempts; returns how many. */
export function recoverLifecycle(parts: Pick<Lifecycle, "store" | "clock">): Promise<number> {
  return putBack(parts, parts.clock.nowMs(), "its lease ran out: whoever had it died or slept");
}

/** The same of all jobs, whatever their lease says: for the start of a process that has the data directory to itself, so that whoever had them is dead. */
export function recoverAbandoned(parts: Pick<Lifecycle, "store" | "clock">): Promise<number> {
  return putBack(parts, Number.MAX_SAFE_INTEGER, "the process that had it died");
}

async function putBack(
  { store, clock }: Pick<Lifecycle, "store" | "clock">,
  leasedUntilMs: number,
  error: string,
): Promise<number> {
  const nowMs = clock.nowMs();
  for (let count = 0; ; ) {
    const left = selectLapsedJobs(store.reader, leasedUntilMs, BATCH);
    if (left.length === 0) return count;
    count += left.length;
    await store.write((tx) => {
      for (const { id, attempts } of left) {
        if (attempts >= MAX_JOB_ATTEMPTS) endJob(tx, { id, state: "failed", finishedAtMs: nowMs, error });
        else postponeJob(tx, { id, nextAttemptAtMs: nowMs, error });
      }
    });
  }
}

import { selectLapsedJobs } from "../store/lifecycle-dues.ts";
import { endJob, postponeJob } from "../store/lifecycle-jobs.ts";
import { type Lifecycle, MAX_JOB_ATTEMPTS } from "./lifecycle.ts";

const BATCH = 100;

/** Puts jobs back whose lease ran out, or ends them after five attempts; returns how many. */
export async function recoverLifecycle({ store, clock }: Pick<Lifecycle, "store" | "clock">): Promise<number> {
  const nowMs = clock.nowMs();
  const error = "its lease ran out: whoever had it died or slept";
  for (let count = 0; ; ) {
    const lapsed = selectLapsedJobs(store.reader, nowMs, BATCH);
    if (lapsed.length === 0) return count;
    count += lapsed.length;
    await store.write((tx) => {
      for (const { id, attempts } of lapsed) {
        if (attempts >= MAX_JOB_ATTEMPTS) endJob(tx, { id, state: "failed", finishedAtMs: nowMs, error });
        else postponeJob(tx, { id, nextAttemptAtMs: nowMs, error });
      }
    });
  }
}

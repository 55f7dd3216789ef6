import type { Timer } from "../clock/clock.ts";
import { type LifecycleJob, renewLease } from "../store/lifecycle-jobs.ts";
import { LEASE_MS, type Lifecycle } from "./lifecycle.ts";

/** Work on a job that is ours for as long as this is not disposed. */
export interface Lease extends Disposable {
  /** Aborts when the job is not ours any more (cancelled, its lines taken back, its session deleted), or the caller gives up. */
  readonly signal: AbortSignal;
}

/** Renews a job's lease every third of its time. */
export function keepLease(lifecycle: Lifecycle, job: LifecycleJob, given?: AbortSignal): Lease {
  const { clock, store, owner } = lifecycle;
  const lost = new AbortController();
  let timer: Timer | null = null;
  const renew = () => {
    const leaseUntilMs = clock.nowMs() + LEASE_MS;
    store
      .write((tx) => renewLease(tx, { id: job.id, owner, attempt: job.attempts, leaseUntilMs }))
      .then((isOurs) => {
        if (!isOurs) lost.abort(new Error("the job is not ours any more"));
        else if (timer !== null) timer = clock.setTimer(LEASE_MS / 3, renew);
      })
      // It may have been the disk: the lease has two thirds of its time left, and the end asks again.
      .catch((error: unknown) => lifecycle.failed("lease", error));
  };
  timer = clock.setTimer(LEASE_MS / 3, renew);
  return {
    signal: given === undefined ? lost.signal : AbortSignal.any([lost.signal, given]),
    [Symbol.dispose]() {
      timer?.cancel();
      timer = null;
    },
  };
}

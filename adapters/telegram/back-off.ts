import { backOffMs } from "../../src/clock/back-off.ts";

/** First wait after a failure; each further one is twice as long. */
const FIRST_MS = 500;
/** Longest wait: an outage that ends is noticed within half a minute. */
const MAX_MS = 30_000;

/** Waits that grow with each failure in a row. */
export interface BackOff {
  /** How long to wait now; at least `leastMs`, where the platform asked for that much. */
  nextMs(leastMs?: number | null): number;
  /** It worked: the next wait is a short one again. */
  reset(): void;
}

/** Starts with the shortest wait. */
export function backOff(): BackOff {
  let failures = 0;
  return {
    nextMs(leastMs) {
      failures += 1;
      return Math.max(backOffMs(failures, FIRST_MS, MAX_MS), leastMs ?? 0);
    },
    reset() {
      failures = 0;
    },
  };
}

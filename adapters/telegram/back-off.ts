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
  let waitMs = FIRST_MS;
  return {
    nextMs(leastMs) {
      const nowMs = Math.max(waitMs, leastMs ?? 0);
      waitMs = Math.min(waitMs * 2, MAX_MS);
      return nowMs;
    },
    reset() {
      waitMs = FIRST_MS;
    },
  };
}

import { type Clock, sleep } from "../../src/clock/clock.ts";

/** One new session every five seconds (discord.com/developers/docs/topics/gateway#rate-limiting, `max_concurrency` 1). */
const SPACING_MS = 5_000;

/** Spaces new sessions out, across all clients of one bot. The form is discord.js's `IIdentifyThrottler`. */
export function identifyPacer(clock: Clock) {
  let nextAtMs = Number.NEGATIVE_INFINITY;
  return {
    async waitForIdentify(_shardId: number, signal: AbortSignal): Promise<void> {
      const nowMs = clock.monotonicMs();
      const waitMs = Math.max(0, nextAtMs - nowMs);
      nextAtMs = nowMs + waitMs + SPACING_MS;
      await sleep(clock, waitMs, signal);
      // discord.js expects a rejection when the connection was closed meanwhile.
      signal.throwIfAborted();
    },
  };
}

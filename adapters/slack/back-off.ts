import { backOffMs } from "../../src/clock/back-off.ts";
import { randomHex } from "../../src/clock/clock.ts";

/** First wait after a connection that failed or did not last. */
const FIRST_MS = 250;
/** Longest wait: an outage is over for us half a minute after it is over for Slack. */
const LONGEST_MS = 30_000;
/** What can't mend itself (a revoked token, Socket Mode switched off) is asked about this often. */
const HOPELESS_MS = 60_000;
/** A connection that lived this long was a good one: the next is tried at once. */
export const GOOD_LIFE_MS = 5_000;

/** How long to wait before the next try after `failures` in a row; `hopeless` when an operator has to act first. */
export function reconnectWaitMs(failures: number, hopeless: boolean): number {
  if (hopeless) return jittered(HOPELESS_MS);
  return failures <= 0 ? 0 : jittered(backOffMs(failures, FIRST_MS, LONGEST_MS));
}

/** Up to a quarter more, so that many daemons don't come back at the same moment. */
function jittered(waitMs: number): number {
  return Math.round(waitMs * (1 + Number.parseInt(randomHex(1), 16) / 1024));
}

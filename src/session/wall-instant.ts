import { wallClockMs } from "./wall-clock.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * The first instant at which the clocks of a time zone show a time (given as the milliseconds since 1970 at which UTC clocks do);
 * for one that they skip, the first instant after the gap.
 */
export function wallInstant(timeZone: string, wantedMs: number): number {
  // No zone is a day away from UTC, and none changes its clocks twice within two days.
  const before = wantedMs - offsetMs(timeZone, wantedMs - DAY_MS);
  const after = wantedMs - offsetMs(timeZone, wantedMs + DAY_MS);
  const first = Math.min(before, after);
  const last = Math.max(before, after);
  if (wallClockMs(timeZone, first) === wantedMs) return first;
  if (wallClockMs(timeZone, last) === wantedMs) return last;
  return firstInstantPast(timeZone, wantedMs, first, last);
}

/** The first instant in (lowMs, highMs] at which the clocks show more than a time that they skip. */
function firstInstantPast(timeZone: string, wantedMs: number, lowMs: number, highMs: number): number {
  let low = lowMs;
  let high = highMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallClockMs(timeZone, middle) < wantedMs) low = middle;
    else high = middle;
  }
  return high;
}

function offsetMs(timeZone: string, atMs: number): number {
  return wallClockMs(timeZone, atMs) - atMs;
}

import type { BoundaryInterval } from "./boundary-interval.ts";
import { wallClockMs } from "./wall-clock.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days looked at on either side: a zone that crosses the date line has two boundaries 48 hours apart. */
const REACH_DAYS = [-2, -1, 0, 1, 2];

/**
 * The interval between two occurrences of an hour of the day in a time zone. An hour that the clocks repeat counts once,
 * the first time; one that they skip counts at the first instant after the gap, even when that is another date already.
 */
export function hourInterval(timeZone: string, atHour: number, atMs: number): BoundaryInterval {
  const today = Math.floor(wallClockMs(timeZone, atMs) / DAY_MS);
  let fromMs = Number.NEGATIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const days of REACH_DAYS) {
    const boundaryMs = boundaryOf(timeZone, atHour, (today + days) * DAY_MS);
    if (boundaryMs === null) continue;
    if (boundaryMs <= atMs) fromMs = Math.max(fromMs, boundaryMs);
    else untilMs = Math.min(untilMs, boundaryMs);
  }
  return { fromMs, untilMs };
}

/** When the hour falls on the day that begins at `midnightMs` of the zone's clocks; null when the zone has no such day. */
function boundaryOf(timeZone: string, atHour: number, midnightMs: number): number | null {
  const wantedMs = midnightMs + atHour * HOUR_MS;
  // No zone is a day away from UTC, and none changes its clocks twice within two days.
  const before = wantedMs - offsetMs(timeZone, wantedMs - DAY_MS);
  const after = wantedMs - offsetMs(timeZone, wantedMs + DAY_MS);
  const first = Math.min(before, after);
  const last = Math.max(before, after);
  if (wallClockMs(timeZone, first) === wantedMs) return first;
  if (wallClockMs(timeZone, last) === wantedMs) return last;

  const gapMs = firstInstantPast(timeZone, wantedMs, first, last);
  const skipsTheDay =
    wallClockMs(timeZone, gapMs - 1) < midnightMs && wallClockMs(timeZone, gapMs) >= midnightMs + DAY_MS;
  return skipsTheDay ? null : gapMs;
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

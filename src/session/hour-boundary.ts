import type { BoundaryInterval } from "./boundary-interval.ts";
import { wallClockMs } from "./wall-clock.ts";
import { wallInstant } from "./wall-instant.ts";

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
  const atMs = wallInstant(timeZone, wantedMs);
  if (wallClockMs(timeZone, atMs) === wantedMs) return atMs;
  const skipsTheDay =
    wallClockMs(timeZone, atMs - 1) < midnightMs && wallClockMs(timeZone, atMs) >= midnightMs + DAY_MS;
  return skipsTheDay ? null : atMs;
}

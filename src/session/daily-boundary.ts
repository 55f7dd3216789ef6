import { type BoundaryInterval, type BoundaryRule, rememberIntervals } from "./boundary-interval.ts";
import { hourInterval } from "./hour-boundary.ts";
import { scheduleInterval } from "./schedule-boundary.ts";

/** The two daily boundaries of a policy around an instant: the latest at or before it, the first after it. Remembered. */
export const boundaryInterval = rememberIntervals(computeInterval);

/** The same, computed anew every time: tens of microseconds where a remembered one takes a fraction of one. */
export function computeInterval({ timeZone, atHour, schedule }: BoundaryRule, atMs: number): BoundaryInterval {
  return schedule === undefined ? hourInterval(timeZone, atHour, atMs) : scheduleInterval(timeZone, schedule, atMs);
}

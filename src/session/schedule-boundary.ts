import { Cron } from "croner";
import type { BoundaryInterval } from "./boundary-interval.ts";

/**
 * The interval between two runs of a cron pattern in a time zone. Clock changes are croner's: times given without `*` and
 * steps run at the first instant after a gap of the same day, and once when they are repeated.
 */
export function scheduleInterval(timeZone: string, schedule: string, atMs: number): BoundaryInterval {
  const cron = openCron(schedule, timeZone);
  // croner counts in whole seconds and leaves out the second it is asked about.
  const second = Math.floor(atMs / 1000) * 1000;
  const [from] = cron.previousRuns(1, new Date(second + 1000));
  const until = cron.nextRun(new Date(second));
  return {
    fromMs: from?.getTime() ?? Number.NEGATIVE_INFINITY,
    untilMs: until?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}

/** Whether a text is a cron pattern that comes true at some time. */
export function isSchedule(text: string): boolean {
  try {
    const cron = openCron(text, "UTC");
    // croner takes a date for a job that runs once: no pattern.
    return cron.getPattern() !== undefined && cron.nextRun(new Date(0)) !== null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false; // croner's way to refuse a pattern
    throw error;
  }
}

function openCron(schedule: string, timezone: string): Cron {
  return new Cron(schedule, { timezone, fixedTimeRule: "no-wildcard" });
}

import { createHash } from "node:crypto";
import { wallClockMs } from "../session/wall-clock.ts";
import { wallInstant } from "../session/wall-instant.ts";
import { nextCron, previousCron } from "./cron-pattern.ts";
import type { Plan, Schedule } from "./schedule.ts";

const DAY_MS = 24 * 3_600_000;
/** Days outside its window that a schedule may fall on before it counts as one that never runs: more than a year of them. */
const MAX_TRIES = 400;

/** The first time of a plan after `afterMs`; null when none comes any more. Jitter is not in it. */
export function nextDue(plan: Plan, afterMs: number): number | null {
  let fromMs = afterMs;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const atMs = nextOf(plan.schedule, plan.timeZone, fromMs);
    if (atMs === null || isOver(plan, atMs)) return null;
    if (isOnItsDay(plan, atMs)) return atMs;
    fromMs = midnightOf(plan.timeZone, atMs, 1) - 1;
  }
  return null;
}

/** The last time of a plan up to and including `untilMs`; null when there was none. */
export function previousDue(plan: Plan, untilMs: number): number | null {
  let toMs = plan.endsAtMs === null ? untilMs : Math.min(untilMs, plan.endsAtMs);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const atMs = previousOf(plan.schedule, plan.timeZone, toMs);
    if (atMs === null) return null;
    if (isOnItsDay(plan, atMs)) return atMs;
    toMs = midnightOf(plan.timeZone, atMs, 0) - 1;
  }
  return null;
}

/** How long after a time of its schedule a job runs: below `jitterMs`, and always the same for the same job and time. */
export function jitterOf(jobName: string, dueAtMs: number, jitterMs: number): number {
  if (jitterMs <= 0) return 0;
  const hash = createHash("sha256").update(`${jobName} ${dueAtMs}`).digest();
  return Math.floor((hash.readUInt32BE(0) / 2 ** 32) * jitterMs);
}

/** The time zone's weekday at an instant, 1 for Monday to 7. */
export function weekdayOf(timeZone: string, atMs: number): number {
  return ((Math.floor(wallClockMs(timeZone, atMs) / DAY_MS) + 3) % 7) + 1;
}

function nextOf(schedule: Schedule, timeZone: string, afterMs: number): number | null {
  switch (schedule.kind) {
    case "cron":
      return nextCron(schedule.pattern, timeZone, afterMs);
    case "at":
      return schedule.atMs > afterMs ? schedule.atMs : null;
    case "every": {
      const { anchorMs, everyMs } = schedule;
      return anchorMs + Math.max(1, Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
    }
  }
}

function previousOf(schedule: Schedule, timeZone: string, untilMs: number): number | null {
  switch (schedule.kind) {
    case "cron":
      return previousCron(schedule.pattern, timeZone, untilMs);
    case "at":
      return schedule.atMs <= untilMs ? schedule.atMs : null;
    case "every": {
      const { anchorMs, everyMs } = schedule;
      const count = Math.floor((untilMs - anchorMs) / everyMs);
      return count < 1 ? null : anchorMs + count * everyMs;
    }
  }
}

function isOver({ endsAtMs }: Plan, atMs: number): boolean {
  return endsAtMs !== null && atMs > endsAtMs;
}

function isOnItsDay({ days, timeZone }: Plan, atMs: number): boolean {
  return days === null || days.includes(weekdayOf(timeZone, atMs));
}

function midnightOf(timeZone: string, atMs: number, daysLater: number): number {
  return wallInstant(timeZone, (Math.floor(wallClockMs(timeZone, atMs) / DAY_MS) + daysLater) * DAY_MS);
}

import { wallClockMs } from "../session/wall-clock.ts";
import type { Plan, Schedule } from "./schedule.ts";
import { weekdayName } from "./schedule-words.ts";

const UNITS = [
  ["week", 7 * 24 * 3_600_000],
  ["day", 24 * 3_600_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A plan in words for people: `every weekday at 09:30 (Europe/Berlin)`. */
export function describePlan({ schedule, timeZone, days, endsAtMs, jitterMs }: Plan): string {
  const bounds = [
    ...(days === null ? [] : [`only on ${listed(days.map(weekdayName))}`]),
    ...(jitterMs === 0 ? [] : [`up to ${durationWords(jitterMs)} later`]),
    ...(endsAtMs === null ? [] : [`until ${localTime(timeZone, endsAtMs)}`]),
  ];
  return (
    [describeSchedule(schedule, timeZone), ...bounds].join(", ") + (schedule.kind === "every" ? "" : ` (${timeZone})`)
  );
}

/** A schedule in words, in the time of a zone that is not named. */
export function describeSchedule(schedule: Schedule, timeZone: string): string {
  switch (schedule.kind) {
    case "at":
      return `once on ${localTime(timeZone, schedule.atMs)}`;
    case "every":
      return `every ${durationWords(schedule.everyMs).replace(/^1 /, "")}`;
    case "cron":
      return cronWords(schedule.pattern);
  }
}

/** An instant as the clocks of a zone show it: `2026-05-05 10:00`, with seconds where there are some. */
export function localTime(timeZone: string, atMs: number): string {
  const shown = new Date(wallClockMs(timeZone, atMs)).toISOString();
  return `${shown.slice(0, 10)} ${shown.slice(11, shown.slice(17, 19) === "00" ? 16 : 19)}`;
}

/** `2 hours`, `1 hour 30 minutes`. */
export function durationWords(durationMs: number): string {
  const parts: string[] = [];
  let restMs = durationMs;
  for (const [name, unitMs] of UNITS) {
    const count = Math.floor(restMs / unitMs);
    if (count === 0) continue;
    parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
    restMs -= count * unitMs;
  }
  return parts.join(" ") || "less than a second";
}

function cronWords(pattern: string): string {
  const fields = pattern.split(" ");
  const [second = "0", minute = "", hour = "", day = "", month = "", weekday = ""] =
    fields.length === 5 ? ["0", ...fields] : fields;
  const isPlain = fields.length <= 6 && month === "*" && /^\d+$/.test(second) && /^\d+$/.test(minute);
  if (isPlain && /^\d+$/.test(hour)) {
    const time = `at ${twoDigits(hour)}:${twoDigits(minute)}${second === "0" ? "" : `:${twoDigits(second)}`}`;
    if (day === "*" && weekday === "*") return `every day ${time}`;
    if (day === "*" && weekday === "1-5") return `every weekday ${time}`;
    if (day === "*" && /^[0-7](,[0-7])*$/.test(weekday)) {
      const days = weekday.split(",").map((number) => weekdayName(Number(number) || 7));
      return days.join() === "Saturday,Sunday" ? `every weekend day ${time}` : `every ${listed(days)} ${time}`;
    }
    if (weekday === "*" && /^\d+$/.test(day)) return `on day ${day} of every month ${time}`;
    if (weekday === "*" && day === "L") return `on the last day of every month ${time}`;
  }
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  const isAllDay = hour === "*" && day === "*" && month === "*" && weekday === "*" && fields.length === 5;
  if (isAllDay && step !== undefined) return `every ${step} minutes`;
  if (isAllDay && minute === "*") return "every minute";
  if (isAllDay && /^\d+$/.test(minute)) return `every hour at minute ${minute}`;
  return `on the cron pattern ${pattern}`;
}

function twoDigits(text: string): string {
  return text.padStart(2, "0");
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

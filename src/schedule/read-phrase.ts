import { wallClockMs } from "../session/wall-clock.ts";
import { wallInstant } from "../session/wall-instant.ts";
import type { ScheduleContext } from "./read-schedule.ts";
import { MAX_AHEAD_MS, MIN_EVERY_MS, type Schedule } from "./schedule.ts";
import { readDuration, readTimeOfDay, readWeekday, type Word } from "./schedule-words.ts";

/** A phrase at the beginning of some words and how many of them it takes, or what is wrong with it. */
export type ReadPhrase =
  | { readonly kind: "read"; readonly schedule: Schedule; readonly used: number }
  | { readonly kind: "wrong"; readonly at: number; readonly message: string };

const DAY_MS = 24 * 3_600_000;
const EVERY_EXAMPLE = 'such as "every 2h", "every day at 9" or "every monday at 8:30"';

/** Reads a schedule in words, or an ISO time, from the beginning; null when they begin like neither. */
export function readPhrase(words: readonly Word[], context: ScheduleContext): ReadPhrase | null {
  const first = words[0]?.text ?? "";
  switch (first) {
    case "in":
      return readIn(words, context);
    case "every":
    case "each":
      return readEvery(words, context);
    case "daily":
      return atTime(words, 1, (hour, minute, second) => cronOf(hour, minute, second, "*"));
    case "weekdays":
      return atTime(words, 1, (hour, minute, second) => cronOf(hour, minute, second, "1-5"));
    case "at":
      return atTime(words, 0, (hour, minute, second) => onDay(context, null, hour, minute, second));
    case "today":
    case "tomorrow": {
      const days = first === "today" ? 0 : 1;
      return notPast(words, context, (hour, minute, second) => onDay(context, days, hour, minute, second), 1);
    }
    case "on":
    case "next": {
      const day = readWeekday(words[1]?.text ?? "");
      if (day === null) return first === "next" ? null : readIso(words, 1, context);
      return atTime(words, 2, (hour, minute, second) => onWeekday(context, day, hour, minute, second));
    }
    default: {
      const day = readWeekday(first);
      if (day !== null)
        return atTime(words, 1, (hour, minute, second) => onWeekday(context, day, hour, minute, second));
      return readIso(words, 0, context);
    }
  }
}

function readIn(words: readonly Word[], { nowMs }: ScheduleContext): ReadPhrase {
  const duration = readDuration(words, 1);
  if (duration === null) return wrong(words, 1, 'expected how long, such as "in 20m" or "in 2 hours"');
  if (duration.durationMs < MIN_EVERY_MS) return wrong(words, 1, "expected at least a second");
  if (duration.durationMs > MAX_AHEAD_MS) return wrong(words, 1, "expected at most five years");
  return read({ kind: "at", atMs: nowMs + duration.durationMs }, 1 + duration.used);
}

function readEvery(words: readonly Word[], { nowMs }: ScheduleContext): ReadPhrase {
  const second = words[1]?.text ?? "";
  const hasTime = words[2]?.text === "at" || words[2]?.text === "and" || second.endsWith(",");
  const group = { day: "*", weekday: "1-5", weekend: "6,7" }[second];
  if (group !== undefined) {
    return atTime(words, 2, (hour, minute, sec) => cronOf(hour, minute, sec, group));
  }
  const days: number[] = [];
  let place = 1;
  for (let word = words[place]; word !== undefined; word = words[place]) {
    const day = readWeekday(word.text);
    if (day !== null) days.push(day);
    else if (days.length === 0 || word.text !== "and") break;
    place += 1;
  }
  if (days.length > 0) {
    const field = [1, 2, 3, 4, 5, 6, 7].filter((day) => days.includes(day)).join(",");
    return atTime(words, place, (hour, minute, sec) => cronOf(hour, minute, sec, field));
  }
  const duration = readDuration(words, 1);
  if (duration === null || hasTime) {
    return wrong(words, 1, `expected an interval or a day, ${EVERY_EXAMPLE}`);
  }
  if (duration.durationMs < MIN_EVERY_MS) return wrong(words, 1, "expected at least a second");
  if (duration.durationMs > MAX_AHEAD_MS) return wrong(words, 1, "expected at most five years");
  return read({ kind: "every", everyMs: duration.durationMs, anchorMs: nowMs }, 1 + duration.used);
}

/** Reads `at 9:30` at a place and makes a schedule of the time. */
function atTime(
  words: readonly Word[],
  place: number,
  scheduleAt: (hour: number, minute: number, second: number) => Schedule,
): ReadPhrase {
  const at = words[place];
  if (at?.text !== "at") return wrong(words, place, 'expected "at" and a time, such as "at 9" or "at 17:30"');
  const time = readTimeOfDay(words, place + 1);
  if (time === null) return wrong(words, place + 1, 'expected a time of day, such as "9", "9:30" or "5pm"');
  return read(scheduleAt(time.hour, time.minute, time.second), place + 1 + time.used);
}

function notPast(
  words: readonly Word[],
  { nowMs }: ScheduleContext,
  scheduleAt: (hour: number, minute: number, second: number) => Schedule,
  place: number,
): ReadPhrase {
  const phrase = atTime(words, place, scheduleAt);
  const isPast = phrase.kind === "read" && phrase.schedule.kind === "at" && phrase.schedule.atMs <= nowMs;
  return isPast ? wrong(words, place + 1, 'that time is over: expected one to come, such as "tomorrow at 9"') : phrase;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:t(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(z|[+-]\d{2}:?\d{2})?)?$/;
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2}))?(z|[+-]\d{2}:?\d{2})?$/;

/** Reads `2026-05-05`, `2026-05-05T10:00`, `2026-05-05 10:00` or `2026-05-05 at 10`, with or without an offset from UTC. */
function readIso(words: readonly Word[], place: number, context: ScheduleContext): ReadPhrase | null {
  const date = ISO.exec(words[place]?.text ?? "");
  if (date === null) return null;
  const [, year, month, day] = date.map(Number);
  const dayMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1);
  // 30 February becomes a day of March.
  if (new Date(dayMs).toISOString().slice(0, 10) !== words[place]?.text.slice(0, 10)) {
    return wrong(words, place, "there is no such day");
  }
  const hasTime = date[4] !== undefined;
  const apart = hasTime ? null : CLOCK.exec(words[place + 1]?.text ?? "");
  const said = !hasTime && words[place + 1]?.text === "at" ? readTimeOfDay(words, place + 2) : null;
  const [hour, minute, second] = hasTime
    ? date.slice(4, 7).map((part) => Number(part ?? 0))
    : apart !== null
      ? apart.slice(1, 4).map((part) => Number(part ?? 0))
      : [said?.hour, said?.minute, said?.second];
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59)
    return wrong(words, place, "there is no such time of day");
  const offset = date[7] ?? apart?.[4];
  const wallMs = dayMs + (((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (second ?? 0)) * 1_000;
  const atMs = offset === undefined ? wallInstant(context.timeZone, wallMs) : wallMs - offsetMs(offset);
  if (atMs <= context.nowMs) return wrong(words, place, "that time is over: expected one to come");
  if (atMs > context.nowMs + MAX_AHEAD_MS) return wrong(words, place, "expected a time within five years");
  const used = apart !== null ? 2 : said !== null ? 2 + said.used : 1;
  return read({ kind: "at", atMs }, place + used);
}

function offsetMs(text: string): number {
  if (text === "z") return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))];
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Once at a time of day, so many days from now; the next such time when `days` is null. */
function onDay(
  { timeZone, nowMs }: ScheduleContext,
  days: number | null,
  hour: number,
  minute: number,
  second: number,
) {
  const today = Math.floor(wallClockMs(timeZone, nowMs) / DAY_MS);
  const at = (day: number) =>
    wallInstant(timeZone, (today + day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000);
  const atMs = days !== null ? at(days) : at(0) > nowMs ? at(0) : at(1);
  return { kind: "at", atMs } as const;
}

/** Once at a time of day, on the next such weekday. */
function onWeekday(context: ScheduleContext, weekday: number, hour: number, minute: number, second: number) {
  const today = Math.floor(wallClockMs(context.timeZone, context.nowMs) / DAY_MS);
  const days = (weekday - 1 - ((today + 3) % 7) + 7) % 7;
  const here = onDay(context, days, hour, minute, second);
  return here.atMs > context.nowMs ? here : onDay(context, days + 7, hour, minute, second);
}

function cronOf(hour: number, minute: number, second: number, weekdays: string): Schedule {
  const pattern = `${minute} ${hour} * * ${weekdays}`;
  return { kind: "cron", pattern: second === 0 ? pattern : `${second} ${pattern}` };
}

function read(schedule: Schedule, used: number): ReadPhrase {
  return { kind: "read", schedule, used };
}

function wrong(words: readonly Word[], place: number, message: string): ReadPhrase {
  const last = words.at(-1);
  const end = last === undefined ? 0 : last.at + last.text.length;
  return { kind: "wrong", at: words[place]?.at ?? end, message };
}

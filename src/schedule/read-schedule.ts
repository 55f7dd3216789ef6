import { readCron } from "./cron-pattern.ts";
import { readPhrase } from "./read-phrase.ts";
import type { ReadSchedule, Schedule } from "./schedule.ts";
import { type Word, wordsOf } from "./schedule-words.ts";

/** What a schedule's words mean depends on. */
export interface ScheduleContext {
  /** IANA name. */
  readonly timeZone: string;
  readonly nowMs: number;
}

/** Longest schedule, in UTF-16 units: the longest sensible cron list is below it. */
const MAX_LENGTH = 200;

/**
 * Reads a schedule: a cron pattern, a time (`2026-05-05T10:00`, `tomorrow at 9`, `in 20m`), or an interval (`every 2h`, `every weekday at 9:30`).
 * Times without an offset are of the context's zone.
 */
export function readSchedule(text: string, context: ScheduleContext): ReadSchedule {
  if (text.length > MAX_LENGTH) {
    return { kind: "wrong", at: MAX_LENGTH, message: `expected at most ${MAX_LENGTH} characters` };
  }
  const words = wordsOf(text);
  const phrase = readPhrase(words, context);
  if (phrase === null) return looksLikeCron(text) ? readCron(text) : unknown(text);
  if (phrase.kind === "wrong") return phrase;
  const rest = words[phrase.used];
  if (rest === undefined) return { kind: "read", schedule: phrase.schedule };
  return {
    kind: "wrong",
    at: rest.at,
    message: `expected nothing more after ${JSON.stringify(text.slice(0, rest.at).trim())}`,
  };
}

/** A schedule at the beginning of a text, as it was written, and what follows it. */
export interface LeadingSchedule {
  readonly schedule: Schedule;
  readonly text: string;
  readonly rest: string;
}

/** Reads what begins with a schedule and goes on with what is to happen: `in 20m look at the oven`, `"0 9 * * 1-5" post the news`. A cron pattern that is not quoted has five fields. */
export function readLeadingSchedule(text: string, context: ScheduleContext): ReadSchedule<LeadingSchedule> {
  const quoted = /^\s*(?:"([^"]*)"|“([^”]*)”|'([^']*)')\s*/u.exec(text);
  if (quoted !== null) {
    const inside = quoted[1] ?? quoted[2] ?? quoted[3] ?? "";
    const read = readSchedule(inside, context);
    const from = quoted[0].search(/["“']/u) + 1;
    if (read.kind === "wrong") return { ...read, at: read.at + from };
    return { kind: "read", schedule: { schedule: read.schedule, text: inside, rest: text.slice(quoted[0].length) } };
  }
  const words = wordsOf(text);
  const phrase = readPhrase(words, context);
  if (phrase === null) return readLeadingCron(text, words);
  if (phrase.kind === "wrong") return phrase;
  const end = words[phrase.used]?.at ?? text.length;
  return {
    kind: "read",
    schedule: { schedule: phrase.schedule, text: text.slice(0, end).trim(), rest: text.slice(end) },
  };
}

/** What a field of a pattern can look like, so that a sentence is never taken for one. */
const CRON_FIELD = /^[\d*?][\d*?,/#lw-]*$|^(l|lw)$|^[a-z]{3}([-,][a-z]{3})*$/;
const CRON_FIELDS = 5;

function readLeadingCron(text: string, words: readonly Word[]): ReadSchedule<LeadingSchedule> {
  const fields = words.slice(0, CRON_FIELDS);
  if (fields.length < CRON_FIELDS || !/^[\d*?]/.test(fields[0]?.text ?? "")) return unknown(text);
  if (!fields.every((field) => CRON_FIELD.test(field.text))) return unknown(text);
  const from = fields[0]?.at ?? 0;
  const end = words[CRON_FIELDS]?.at ?? text.length;
  const pattern = text.slice(from, end).trim();
  const read = readCron(pattern);
  if (read.kind === "wrong") return { ...read, at: read.at + from };
  return { kind: "read", schedule: { schedule: read.schedule, text: pattern, rest: text.slice(end) } };
}

/** A mistake as a person reads it: where it is, what was expected. */
export function scheduleMistake(
  text: string,
  { at, message }: { readonly at: number; readonly message: string },
): string {
  return `schedule ${JSON.stringify(text)}, character ${at + 1}: ${message}.`;
}

function looksLikeCron(text: string): boolean {
  return /^\s*(@|[\d*?])/.test(text) || text.trim().split(/\s+/).length >= 5;
}

function unknown(text: string) {
  const at = Math.max(0, text.search(/\S/));
  const message =
    'expected a schedule, such as "in 20m", "tomorrow at 9", "every weekday at 9:30", "every 2h", "2026-05-05T10:00" or "0 9 * * 1-5"';
  return { kind: "wrong", at, message } as const;
}

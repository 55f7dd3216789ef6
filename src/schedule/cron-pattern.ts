import { Cron } from "croner";
import type { ReadSchedule } from "./schedule.ts";

/** Most patterns kept ready: making one takes three times as long as asking it for its next time. */
const MAX_KEPT = 512;
const kept = new Map<string, Cron>();

/** The first time of a pattern after `afterMs`; null when there is none. Clock changes are croner's, as in `scheduleInterval`. */
export function nextCron(pattern: string, timeZone: string, afterMs: number): number | null {
  // croner counts in whole seconds and leaves out the second it is asked about.
  return (
    openCron(pattern, timeZone)
      .nextRun(new Date(wholeSecond(afterMs)))
      ?.getTime() ?? null
  );
}

/** The last time of a pattern up to and including `untilMs`; null when there is none. */
export function previousCron(pattern: string, timeZone: string, untilMs: number): number | null {
  const [last] = openCron(pattern, timeZone).previousRuns(1, new Date(wholeSecond(untilMs) + 1_000));
  return last?.getTime() ?? null;
}

const EXAMPLE = '"0 9 * * 1-5" is every weekday at 9:00';
const NAMES = ["second", "minute", "hour", "day of the month", "month", "weekday", "year"];

/** Reads a cron pattern of five fields, six with seconds first, seven with a year last, or `@daily` and its like. */
export function readCron(text: string): ReadSchedule<{ readonly kind: "cron"; readonly pattern: string }> {
  const fields = [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], at: match.index }));
  const [first] = fields;
  const pattern = fields.map((field) => field.text).join(" ");
  if (first === undefined) return wrong(0, `expected a cron pattern: ${EXAMPLE}`);
  if (first.text.startsWith("@")) {
    if (fields.length === 1 && isPattern(pattern)) return { kind: "read", schedule: { kind: "cron", pattern } };
    return wrong(first.at, "expected @hourly, @daily, @weekly, @monthly or @yearly");
  }
  if (fields.length < 5 || fields.length > 7) {
    const at = fields.length < 5 ? text.trimEnd().length : (fields[7]?.at ?? 0);
    return wrong(at, `expected five to seven fields, got ${fields.length}: ${EXAMPLE}`);
  }
  const offset = fields.length === 5 ? 1 : 0;
  for (const [index, field] of fields.entries()) {
    const alone = fields.map((_, other) => (other === index ? field.text : "*")).join(" ");
    if (isPattern(alone)) continue;
    const name = NAMES[index + offset] ?? "field";
    return wrong(field.at, `${JSON.stringify(field.text)} is no ${name} of a cron pattern: ${EXAMPLE}`);
  }
  if (!isPattern(pattern)) return wrong(first.at, `these fields do not go together: ${EXAMPLE}`);
  if (nextCron(pattern, "UTC", 0) === null) return wrong(first.at, `that day never comes: ${EXAMPLE}`);
  return { kind: "read", schedule: { kind: "cron", pattern } };
}

function isPattern(pattern: string): boolean {
  // croner takes a text with a colon for a date, and fails in a way of its own where it is none.
  if (pattern.includes(":")) return false;
  try {
    return openCron(pattern, "UTC").getPattern() !== undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false; // croner's way to refuse a pattern
    throw error;
  }
}

function openCron(pattern: string, timezone: string): Cron {
  const id = `${timezone} ${pattern}`;
  const known = kept.get(id);
  if (known !== undefined) return known;
  const made = new Cron(pattern, { timezone, fixedTimeRule: "no-wildcard" });
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(id, made);
  return made;
}

function wholeSecond(atMs: number): number {
  return Math.floor(atMs / 1_000) * 1_000;
}

function wrong(at: number, message: string) {
  return { kind: "wrong", at, message } as const;
}

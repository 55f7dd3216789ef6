import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSchedule } from "../../src/schedule/describe-schedule.ts";
import { readLeadingSchedule, readSchedule, scheduleMistake } from "../../src/schedule/read-schedule.ts";

/** Noon of a Wednesday in London, one hour later in Berlin. */
const context = { timeZone: "Europe/Berlin", nowMs: Date.UTC(2026, 10, 18, 12) };

const understood: readonly (readonly [text: string, meaning: string])[] = [
  ["in 20m", "once on 2026-11-18 13:20"],
  ["in 2 hours", "once on 2026-11-18 15:00"],
  ["in 1h30m", "once on 2026-11-18 14:30"],
  ["in 1 hour 30 minutes", "once on 2026-11-18 14:30"],
  ["in an hour", "once on 2026-11-18 14:00"],
  ["In 90 Seconds", "once on 2026-11-18 13:01:30"],
  ["every 2h", "every 2 hours"],
  ["every 15 minutes", "every 15 minutes"],
  ["every hour", "every hour"],
  ["every day at 9", "every day at 09:00"],
  ["every weekday at 9:30", "every weekday at 09:30"],
  ["every weekend at 10", "every weekend day at 10:00"],
  ["every monday at 8", "every Monday at 08:00"],
  ["every Mon, Thu and Fri at 5pm", "every Monday, Thursday and Friday at 17:00"],
  ["every sunday at midnight", "every Sunday at 00:00"],
  ["daily at 12:30 am", "every day at 00:30"],
  ["weekdays at noon", "every weekday at 12:00"],
  ["tomorrow at 9", "once on 2026-11-19 09:00"],
  ["today at 17:30", "once on 2026-11-18 17:30"],
  ["at 14:00", "once on 2026-11-18 14:00"],
  ["at 9", "once on 2026-11-19 09:00"],
  ["friday at 8", "once on 2026-11-20 08:00"],
  ["on wednesday at 13:30", "once on 2026-11-18 13:30"],
  ["next wednesday at 12:00", "once on 2026-11-25 12:00"],
  ["2027-03-01", "once on 2027-03-01 00:00"],
  ["2027-03-01T10:00", "once on 2027-03-01 10:00"],
  ["2027-03-01 10:00:30", "once on 2027-03-01 10:00:30"],
  ["2027-03-01 at 10pm", "once on 2027-03-01 22:00"],
  ["2027-03-01T10:00Z", "once on 2027-03-01 11:00"],
  ["2027-03-01T10:00:00+05:30", "once on 2027-03-01 05:30"],
  ["2027-03-01T10:00:00.250-0500", "once on 2027-03-01 16:00"],
  // The clocks of Berlin skip this half hour, and show the next one twice.
  ["2027-03-28T02:30", "once on 2027-03-28 03:00"],
  ["2027-10-31T02:30", "once on 2027-10-31 02:30"],
  ["0 9 * * 1-5", "every weekday at 09:00"],
  ["30 0 9 * * *", "every day at 09:00:30"],
  ["0 9 1 * *", "on day 1 of every month at 09:00"],
  ["0 9 L * *", "on the last day of every month at 09:00"],
  ["*/5 * * * *", "every 5 minutes"],
  ["15 * * * *", "every hour at minute 15"],
  ["0 9 15W * *", "on the cron pattern 0 9 15W * *"],
  ["0 9 * * 5#2", "on the cron pattern 0 9 * * 5#2"],
  ["0 9 * * 5L", "on the cron pattern 0 9 * * 5L"],
  ["0 9 * * MON-FRI", "on the cron pattern 0 9 * * MON-FRI"],
  ["@daily", "on the cron pattern @daily"],
];

for (const [text, meaning] of understood) {
  test(`"${text}" means ${meaning}`, () => {
    const read = readSchedule(text, context);
    assert.ok(read.kind === "read", JSON.stringify(read));
    assert.equal(describeSchedule(read.schedule, context.timeZone), meaning);
  });
}

const mistaken: readonly (readonly [text: string, character: number, says: RegExp])[] = [
  ["", 1, /expected a schedule, such as "in 20m"/],
  ["soon", 1, /expected a schedule, such as "in 20m"/],
  ["in a while", 4, /expected how long, such as "in 20m"/],
  ["in 0m", 4, /at least a second/],
  ["in 90000 days", 4, /at most five years/],
  ["every", 6, /expected an interval or a day, such as "every 2h"/],
  ["every mondey at 8", 7, /expected an interval or a day/],
  ["every day", 10, /expected "at" and a time, such as "at 9"/],
  ["every day at 25", 14, /expected a time of day, such as "9"/],
  ["every monday at 13pm", 17, /expected a time of day/],
  ["every 2h please", 10, /expected nothing more after "every 2h"/],
  ["today at 9", 10, /that time is over/],
  ["2020-01-01", 1, /that time is over/],
  ["2027-02-30", 1, /there is no such day/],
  ["2027-02-01T25:00", 1, /there is no such time of day/],
  ["2099-02-01", 1, /within five years/],
  ["0 9 * *", 8, /expected five to seven fields, got 4/],
  ["0 9 * * 8", 9, /"8" is no weekday of a cron pattern: "0 9 \* \* 1-5" is every weekday at 9:00/],
  ["60 9 * * *", 1, /"60" is no minute/],
  ["9:30 * * * *", 1, /"9:30" is no minute/],
  ["0 9 * 13 *", 7, /"13" is no month/],
  ["0 0 25 * * *", 5, /"25" is no hour/],
  ["0 9 30 2 *", 1, /that day never comes/],
  ["* * * * * * * *", 15, /expected five to seven fields, got 8/],
  ["@noonly", 1, /expected @hourly, @daily/],
  ["x".repeat(300), 201, /at most 200 characters/],
];

for (const [text, character, says] of mistaken) {
  test(`"${text.slice(0, 30)}" is refused at character ${character}`, () => {
    const read = readSchedule(text, context);
    assert.ok(read.kind === "wrong", JSON.stringify(read));
    assert.equal(read.at + 1, character);
    assert.match(scheduleMistake(text, read), says);
  });
}

const leading: readonly (readonly [text: string, schedule: string, rest: string])[] = [
  ["in 20m look at the oven", "in 20m", "look at the oven"],
  ["every weekday at 9 am post the news\nof today", "every weekday at 9 am", "post the news\nof today"],
  ['"0 9 * * 1-5" Summarise', "0 9 * * 1-5", "Summarise"],
  ["“every 2h” “quoted” prompt", "every 2h", "“quoted” prompt"],
  ["tomorrow at 9", "tomorrow at 9", ""],
];

for (const [text, schedule, rest] of leading) {
  test(`${JSON.stringify(text)} begins with a schedule`, () => {
    const read = readLeadingSchedule(text, context);
    assert.ok(read.kind === "read", JSON.stringify(read));
    assert.deepEqual({ text: read.schedule.text, rest: read.schedule.rest }, { text: schedule, rest });
  });
}

test("a mistake inside quotes is told where it is in the whole text", () => {
  const read = readLeadingSchedule(' "0 9 * * 8" go', context);
  assert.ok(read.kind === "wrong");
  assert.equal(read.at, 10);
});

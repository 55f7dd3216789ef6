import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../../src/schedule/job.ts";
import { judgeDue } from "../../src/schedule/judge-due.ts";
import { nextDue } from "../../src/schedule/next-due.ts";
import type { Plan, Schedule } from "../../src/schedule/schedule.ts";

const at = (text: string) => Date.parse(`2026-11-${text}Z`);
const hourly: Schedule = { kind: "cron", pattern: "0 * * * *" };
const daily: Schedule = { kind: "cron", pattern: "0 9 * * *" };
const weekly: Schedule = { kind: "cron", pattern: "0 9 * * 1" };
const once: Schedule = { kind: "at", atMs: at("10T09:00") };

/** Who was due when, awake since when, now; for which time it runs, and which one comes next. */
const table: readonly (readonly [
  what: string,
  schedule: Schedule,
  catchUp: Job["catchUp"],
  times: { readonly due: string; readonly awake: string; readonly now: string },
  runsFor: string | null,
  next: string | null,
])[] = [
  ["on time", hourly, "last", { due: "10T09:00", awake: "09T00:00", now: "10T09:00" }, "10T09:00", "10T10:00"],
  ["on time", hourly, "none", { due: "10T09:00", awake: "09T00:00", now: "10T09:00" }, "10T09:00", "10T10:00"],
  [
    "waited for its turn",
    hourly,
    "none",
    { due: "10T09:00", awake: "09T00:00", now: "10T12:30" },
    "10T09:00",
    "10T13:00",
  ],
  [
    "a short restart",
    hourly,
    "none",
    { due: "10T09:00", awake: "10T09:00:40", now: "10T09:00:41" },
    "10T09:00",
    "10T10:00",
  ],
  ["down for hours", hourly, "none", { due: "10T09:00", awake: "10T12:30", now: "10T12:30" }, null, "10T13:00"],
  ["down for hours", hourly, "last", { due: "10T09:00", awake: "10T12:30", now: "10T12:30" }, "10T12:00", "10T13:00"],
  ["down for hours", hourly, "all", { due: "10T09:00", awake: "10T12:30", now: "10T12:30" }, "10T09:00", "10T10:00"],
  ["down for a week", hourly, "all", { due: "10T09:00", awake: "17T12:30", now: "17T12:30" }, "16T13:00", "16T14:00"],
  ["down for 23 hours", daily, "last", { due: "10T09:00", awake: "11T08:00", now: "11T08:00" }, "10T09:00", "11T09:00"],
  ["down for 25 hours", weekly, "last", { due: "09T09:00", awake: "10T10:00", now: "10T10:00" }, null, "16T09:00"],
  ["down for days", daily, "last", { due: "10T09:00", awake: "13T12:00", now: "13T12:00" }, "13T09:00", "14T09:00"],
  ["once, missed", once, "last", { due: "10T09:00", awake: "10T11:00", now: "10T11:00" }, "10T09:00", null],
  ["once, missed", once, "none", { due: "10T09:00", awake: "10T11:00", now: "10T11:00" }, null, null],
  ["once, missed by days", once, "last", { due: "10T09:00", awake: "13T11:00", now: "13T11:00" }, null, null],
  ["once, missed by days", once, "all", { due: "10T09:00", awake: "13T11:00", now: "13T11:00" }, "10T09:00", null],
];

for (const [what, schedule, catchUp, { due, awake, now }, runsFor, next] of table) {
  test(`${what}, catchUp ${catchUp}: ${JSON.stringify(schedule)} due ${due} at ${now}`, () => {
    const plan: Plan = { schedule, timeZone: "UTC", days: null, endsAtMs: null, jitterMs: 0 };
    const judged = judgeDue(
      plan,
      catchUp,
      { dueAtMs: at(due), runAtMs: at(due) },
      { nowMs: at(now), awakeSinceMs: at(awake) },
    );
    assert.equal(judged.runsForMs, runsFor === null ? null : at(runsFor));
    assert.equal(judged.why === null, runsFor !== null);
    assert.equal(nextDue(plan, judged.nextAfterMs), next === null ? null : at(next));
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jitterOf, nextDue, previousDue, weekdayOf } from "../../src/schedule/next-due.ts";
import type { Plan } from "../../src/schedule/schedule.ts";

function cron(pattern: string, timeZone: string, about: Partial<Plan> = {}): Plan {
  return { schedule: { kind: "cron", pattern }, timeZone, days: null, endsAtMs: null, jitterMs: 0, ...about };
}
function every(everyMs: number, anchorMs: number, about: Partial<Plan> = {}): Plan {
  return { ...cron("", "UTC"), schedule: { kind: "every", everyMs, anchorMs }, ...about };
}
const at = (text: string) => Date.parse(text);
const HOUR_MS = 3_600_000;

/** Each plan's next times after an instant. */
const table: readonly (readonly [what: string, plan: Plan, after: string, expected: readonly string[]])[] = [
  [
    "Berlin, spring: what is skipped runs once, right after the gap",
    cron("30 2 * * *", "Europe/Berlin"),
    "2026-03-28T12:00Z",
    ["2026-03-29T01:00Z", "2026-03-30T00:30Z"],
  ],
  [
    "Berlin, autumn: what is repeated runs once, the first time",
    cron("30 2 * * *", "Europe/Berlin"),
    "2026-10-24T12:00Z",
    ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
  ],
  [
    "Berlin, spring: two skipped times and the one after the gap",
    cron("0,30 2 * * *", "Europe/Berlin"),
    "2026-03-28T12:00Z",
    ["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
  ],
  [
    "Berlin, autumn: every half hour goes on as the clock ticks",
    cron("*/30 * * * *", "Europe/Berlin"),
    "2026-10-25T00:10Z",
    ["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z"],
  ],
  [
    "New York, spring",
    cron("30 2 * * *", "America/New_York"),
    "2026-03-07T20:00Z",
    ["2026-03-08T07:00Z", "2026-03-09T06:30Z"],
  ],
  [
    "New York, autumn",
    cron("30 1 * * *", "America/New_York"),
    "2026-10-31T20:00Z",
    ["2026-11-01T05:30Z", "2026-11-02T06:30Z"],
  ],
  [
    "Lord Howe skips half an hour",
    cron("15 2 * * *", "Australia/Lord_Howe"),
    "2026-10-03T12:00Z",
    ["2026-10-03T15:30Z", "2026-10-04T15:15Z"],
  ],
  [
    "Lord Howe repeats half an hour",
    cron("45 1 * * *", "Australia/Lord_Howe"),
    "2026-04-04T10:00Z",
    ["2026-04-04T14:45Z", "2026-04-05T15:15Z"],
  ],
  ["Kolkata never changes", cron("30 9 * * *", "Asia/Kolkata"), "2026-03-28T12:00Z", ["2026-03-29T04:00Z"]],
  ["the leap day", cron("0 0 29 2 *", "UTC"), "2026-01-01T00:00Z", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
  ["the last day of February", cron("0 9 L 2 *", "UTC"), "2027-03-01T00:00Z", ["2028-02-29T09:00Z"]],
  ["the second Friday", cron("0 9 * * 5#2", "UTC"), "2026-11-01T00:00Z", ["2026-11-13T09:00Z", "2026-12-11T09:00Z"]],
  [
    "an interval keeps its phase",
    every(2 * HOUR_MS, at("2026-11-01T00:30Z")),
    "2026-11-01T09:00Z",
    ["2026-11-01T10:30Z", "2026-11-01T12:30Z"],
  ],
  [
    "an interval does not run at its beginning, nor before it",
    every(2 * HOUR_MS, at("2026-11-01T00:30Z")),
    "2026-10-01T00:00Z",
    ["2026-11-01T02:30Z"],
  ],
  [
    "a window of weekdays is the zone's, and skips what lies outside",
    every(12 * HOUR_MS, at("2026-11-06T01:00Z"), { timeZone: "America/New_York", days: [1, 5] }),
    "2026-11-06T01:00Z",
    ["2026-11-06T13:00Z", "2026-11-07T01:00Z", "2026-11-09T13:00Z", "2026-11-10T01:00Z"],
  ],
  [
    "an end",
    cron("0 9 * * *", "UTC", { endsAtMs: at("2026-11-03T09:00Z") }),
    "2026-11-01T12:00Z",
    ["2026-11-02T09:00Z", "2026-11-03T09:00Z"],
  ],
  ["days on which it never falls", cron("0 9 * * 6", "UTC", { days: [1] }), "2026-11-01T12:00Z", []],
];

for (const [what, plan, after, expected] of table) {
  test(`next times: ${what}`, () => {
    const found: string[] = [];
    for (let next = nextDue(plan, at(after)); next !== null; next = nextDue(plan, next)) {
      if (found.length === expected.length && plan.endsAtMs === null && expected.length > 0) break;
      found.push(`${new Date(next).toISOString().slice(0, 16)}Z`);
    }
    assert.deepEqual(found, expected);
  });
}

test("the time before the next one is the last one", () => {
  const plans = table.map(([, plan]) => plan).filter((plan) => nextDue(plan, at("2026-01-01T00:00Z")) !== null);
  fc.assert(
    fc.property(fc.constantFrom(...plans), fc.integer({ min: 0, max: 365 * 24 * 60 }), (plan, minutes) => {
      const fromMs = at("2026-01-01T00:00Z") + minutes * 60_000;
      const next = nextDue(plan, fromMs);
      if (next === null) return;
      assert.equal(previousDue(plan, next), next);
      const before = previousDue(plan, next - 1);
      assert.ok(before === null || before <= fromMs, `${before} lies between ${fromMs} and ${next}`);
    }),
    { seed: 20261118, numRuns: 200 },
  );
});

test("jitter is the same for the same job and time, below its bound, and spread", () => {
  const found = Array.from({ length: 200 }, (_, index) => jitterOf("standup", index * HOUR_MS, 60_000));
  assert.deepEqual(
    found,
    Array.from({ length: 200 }, (_, index) => jitterOf("standup", index * HOUR_MS, 60_000)),
  );
  assert.ok(found.every((jitter) => jitter >= 0 && jitter < 60_000));
  assert.ok(new Set(found).size > 190);
  assert.notEqual(jitterOf("other", 0, 60_000), jitterOf("standup", 0, 60_000));
  assert.equal(jitterOf("standup", 0, 0), 0);
});

test("weekdays are those of the zone", () => {
  assert.equal(weekdayOf("UTC", at("2026-11-15T23:30Z")), 7);
  assert.equal(weekdayOf("Europe/Berlin", at("2026-11-15T23:30Z")), 1);
});

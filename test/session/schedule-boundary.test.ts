import assert from "node:assert/strict";
import { test } from "node:test";
import { hourInterval } from "../../src/session/hour-boundary.ts";
import { isSchedule, scheduleInterval } from "../../src/session/schedule-boundary.ts";

const table: readonly (readonly [name: string, zone: string, schedule: string, boundaries: readonly string[]])[] = [
  ["weekly", "Europe/Berlin", "0 4 * * 1", ["2026-03-23T03:00", "2026-03-30T02:00", "2026-04-06T02:00"]],
  ["weekdays", "America/New_York", "0 4 * * 1-5", ["2026-03-06T09:00", "2026-03-09T08:00", "2026-03-10T08:00"]],
  [
    "weekly, in the gap: at its end",
    "Europe/Berlin",
    "30 2 * * 0",
    ["2026-03-22T01:30", "2026-03-29T01:00", "2026-04-05T00:30"],
  ],
  [
    "weekly, repeated: the first",
    "Europe/Berlin",
    "30 2 * * 0",
    ["2026-10-18T00:30", "2026-10-25T00:30", "2026-11-01T01:30"],
  ],
  [
    "several hours, in the gap",
    "Europe/Berlin",
    "0 2,14 * * *",
    ["2026-03-28T13:00", "2026-03-29T01:00", "2026-03-29T12:00"],
  ],
  [
    "half an hour of a gap",
    "Australia/Lord_Howe",
    "15 2 * * *",
    ["2026-10-02T15:45", "2026-10-03T15:30", "2026-10-04T15:15"],
  ],
  ["with seconds", "UTC", "30 0 4 * * *", ["2026-01-01T04:00:30", "2026-01-02T04:00:30"]],
  ["leap days", "Asia/Kolkata", "0 4 29 2 *", ["2024-02-28T22:30", "2028-02-28T22:30"]],
];

for (const [name, zone, schedule, boundaries] of table) {
  test(`${schedule} in ${zone}: ${name}`, () => {
    const instants = boundaries.map((text) => Date.parse(`${text}Z`));
    for (const [index, fromMs] of instants.slice(0, -1).entries()) {
      const untilMs = instants[index + 1] ?? Number.NaN;
      for (let step = 0; step <= 20; step += 1) {
        const atMs = Math.floor(fromMs + ((untilMs - 1 - fromMs) * step) / 20);
        assert.deepEqual(scheduleInterval(zone, schedule, atMs), { fromMs, untilMs }, new Date(atMs).toISOString());
      }
    }
  });
}

test("a schedule that names one hour falls where the hour falls, across changes of the clocks", () => {
  const changes = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-04-24", "2026-10-04", "2026-10-25", "2026-11-01"];
  for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Cairo"]) {
    for (const change of changes) {
      for (const atHour of [0, 1, 2, 3, 4]) {
        for (let hours = -30; hours <= 30; hours += 5) {
          const atMs = Date.parse(change) + hours * 3_600_000 + 1;
          assert.deepEqual(scheduleInterval(zone, `0 ${atHour} * * *`, atMs), hourInterval(zone, atHour, atMs));
        }
      }
    }
  }
});

test("a schedule that has ended or not begun has no boundary on that side", () => {
  const atMs = Date.UTC(2026, 5, 1);
  const { fromMs } = scheduleInterval("UTC", "0 0 4 1 1 * 2030", atMs);
  assert.equal(fromMs, Number.NEGATIVE_INFINITY);
  const { untilMs } = scheduleInterval("UTC", "0 0 4 1 1 * 2020", atMs);
  assert.equal(untilMs, Number.POSITIVE_INFINITY);
});

test("a schedule is a cron pattern that comes true", () => {
  for (const text of ["0 4 * * *", "30 0 4 * * *", "@weekly", "0 9 * * MON-FRI", "0 4 L * *"]) {
    assert.equal(isSchedule(text), true, text);
  }
  for (const text of [
    "",
    "4",
    "0 4 * * 8",
    "0 25 * * *",
    "@reboot",
    "2026-01-01T00:00:00",
    "0 0 30 2 *",
    "every day",
  ]) {
    assert.equal(isSchedule(text), false, text);
  }
});

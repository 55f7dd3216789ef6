import assert from "node:assert/strict";
import { test } from "node:test";
import { hourInterval } from "../../src/session/hour-boundary.ts";

const MINUTE_MS = 60_000;

/** The boundaries of an hour that follow each other in a zone, in UTC, around a change of its clocks. */
const table: readonly (readonly [name: string, zone: string, atHour: number, boundaries: readonly string[]])[] = [
  ["UTC", "UTC", 4, ["2026-03-28T04:00", "2026-03-29T04:00", "2026-03-30T04:00"]],
  [
    "Kolkata has no summer time and half an hour",
    "Asia/Kolkata",
    4,
    ["2026-03-27T22:30", "2026-03-28T22:30", "2026-03-29T22:30"],
  ],
  ["Berlin in spring, after the gap", "Europe/Berlin", 4, ["2026-03-28T03:00", "2026-03-29T02:00", "2026-03-30T02:00"]],
  [
    "Berlin in spring, in the gap: at its end",
    "Europe/Berlin",
    2,
    ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"],
  ],
  [
    "Berlin in spring, the gap's end itself",
    "Europe/Berlin",
    3,
    ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"],
  ],
  [
    "Berlin in autumn, repeated: the first",
    "Europe/Berlin",
    2,
    ["2026-10-24T00:00", "2026-10-25T00:00", "2026-10-26T01:00"],
  ],
  ["Berlin in autumn, after", "Europe/Berlin", 4, ["2026-10-24T02:00", "2026-10-25T03:00", "2026-10-26T03:00"]],
  [
    "New York in spring, in the gap",
    "America/New_York",
    2,
    ["2026-03-07T07:00", "2026-03-08T07:00", "2026-03-09T06:00"],
  ],
  ["New York in autumn, repeated", "America/New_York", 1, ["2026-10-31T05:00", "2026-11-01T05:00", "2026-11-02T06:00"]],
  ["New York in autumn, after", "America/New_York", 4, ["2026-10-31T08:00", "2026-11-01T09:00", "2026-11-02T09:00"]],
  [
    "Lord Howe skips half an hour: 02:00 is at 02:30",
    "Australia/Lord_Howe",
    2,
    ["2026-10-02T15:30", "2026-10-03T15:30", "2026-10-04T15:00"],
  ],
  [
    "Lord Howe repeats half an hour, not its full one",
    "Australia/Lord_Howe",
    2,
    ["2026-04-03T15:00", "2026-04-04T15:30", "2026-04-05T15:30"],
  ],
  ["São Paulo skips midnight", "America/Sao_Paulo", 0, ["2018-11-03T03:00", "2018-11-04T03:00", "2018-11-05T02:00"]],
  [
    "São Paulo repeats the hour before midnight",
    "America/Sao_Paulo",
    23,
    ["2018-02-17T01:00", "2018-02-18T01:00", "2018-02-19T02:00"],
  ],
  ["Cairo skips midnight", "Africa/Cairo", 0, ["2026-04-22T22:00", "2026-04-23T22:00", "2026-04-24T21:00"]],
  [
    "Nuuk skips the last hour of a day: at midnight",
    "America/Nuuk",
    23,
    ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"],
  ],
  ["Nuuk's midnight stays its own", "America/Nuuk", 0, ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"]],
  [
    "Apia leaves out a whole day, and its hour",
    "Pacific/Apia",
    4,
    ["2011-12-29T14:00", "2011-12-30T14:00", "2011-12-31T14:00"],
  ],
  [
    "Apia's midnight is where it crosses the line",
    "Pacific/Apia",
    0,
    ["2011-12-29T10:00", "2011-12-30T10:00", "2011-12-31T10:00"],
  ],
];

for (const [name, zone, atHour, boundaries] of table) {
  test(`${String(atHour).padStart(2, "0")}:00: ${name}`, () => {
    const instants = boundaries.map((text) => Date.parse(`${text}Z`));
    for (const [index, fromMs] of instants.slice(0, -1).entries()) {
      const untilMs = instants[index + 1] ?? Number.NaN;
      for (let atMs = fromMs; atMs < untilMs; atMs += 17 * MINUTE_MS) {
        assert.deepEqual(hourInterval(zone, atHour, atMs), { fromMs, untilMs }, new Date(atMs).toISOString());
      }
      assert.deepEqual(hourInterval(zone, atHour, untilMs - 1), { fromMs, untilMs });
    }
  });
}

test("a year of any hour in any zone is one boundary a day, in order, without holes", () => {
  for (const zone of [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Cairo",
    "America/Nuuk",
  ]) {
    for (const atHour of [0, 2, 4, 23]) {
      const endMs = Date.UTC(2027, 0, 10);
      let count = 0;
      let interval = hourInterval(zone, atHour, Date.UTC(2026, 0, 10));
      while (interval.untilMs < endMs) {
        const next = hourInterval(zone, atHour, interval.untilMs);
        assert.equal(next.fromMs, interval.untilMs);
        assert.ok(
          next.untilMs - next.fromMs >= 23 * 60 * MINUTE_MS && next.untilMs - next.fromMs <= 25 * 60 * MINUTE_MS,
        );
        interval = next;
        count += 1;
      }
      assert.ok(count === 365 || count === 364, `${zone} ${atHour}: ${count}`);
    }
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { readLegacyTime } from "../../src/store/legacy-time.ts";

const cases: readonly (readonly [unknown, string, string | null])[] = [
  // with a zone of its own: the given one does not matter
  ["2026-04-05T12:00:00.000Z", "Asia/Kolkata", "2026-04-05T12:00:00.000Z"],
  ["2026-04-05T12:00:00+02:00", "Asia/Kolkata", "2026-04-05T10:00:00.000Z"],
  ["2026-04-05 12:00:00.123456-05:30", "UTC", "2026-04-05T17:30:00.123Z"],
  // without: wall-clock time of the zone
  ["2026-04-05T12:00:00", "UTC", "2026-04-05T12:00:00.000Z"],
  ["2026-04-05T12:00:00.123456", "Europe/Berlin", "2026-04-05T10:00:00.123Z"],
  ["2026-01-05T12:00:00", "Europe/Berlin", "2026-01-05T11:00:00.000Z"],
  ["2026-01-05 12:00", "Asia/Kolkata", "2026-01-05T06:30:00.000Z"],
  ["2026-01-05", "America/New_York", "2026-01-05T05:00:00.000Z"],
  // a repeated hour is taken the first time, a skipped one is carried over the gap
  ["2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00.000Z"],
  ["2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ["2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z"],
  // just before and after a change
  ["2026-10-25T01:59:59", "Europe/Berlin", "2026-10-24T23:59:59.000Z"],
  ["2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z"],
  ["2026-03-29T03:00:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  // epoch numbers
  [1775390400, "UTC", "2026-04-05T12:00:00.000Z"],
  [1775390400.125, "Asia/Kolkata", "2026-04-05T12:00:00.125Z"],
  [1775390400125, "UTC", "2026-04-05T12:00:00.125Z"],
  [0, "UTC", "1970-01-01T00:00:00.000Z"],
  // no times
  ["t7", "UTC", null],
  ["foo 7", "UTC", null],
  ["", "UTC", null],
  ["2026-13-05T12:00:00", "UTC", null],
  ["2026-04-05T25:00:00", "UTC", null],
  ["2026-04-05T12:00:00Z and more", "UTC", null],
  [1e300, "UTC", null],
  [Number.NaN, "UTC", null],
  [null, "UTC", null],
  [undefined, "UTC", null],
  [{}, "UTC", null],
];

for (const [value, timeZone, expected] of cases)
  test(`legacy time: ${JSON.stringify(value)} in ${timeZone} is ${expected}`, () => {
    const ms = readLegacyTime(value, timeZone);
    assert.equal(ms === null ? null : new Date(ms).toISOString(), expected);
  });

test("legacy time: a tiny negative number is plain zero", () => {
  assert.ok(Object.is(readLegacyTime(-1e-9, "UTC"), 0));
});

test("legacy time: an unknown zone is an error, not UTC", () => {
  assert.throws(() => readLegacyTime("2026-04-05T12:00:00", "Mars/Base"), RangeError);
});

test("a day that the calendar does not have is no time", () => {
  for (const day of ["2026-02-30", "2026-02-29", "2026-13-01", "2026-04-31", "2026-00-10"]) {
    assert.equal(readLegacyTime(`${day}T00:00:00`, "UTC"), null, day);
  }
  assert.equal(readLegacyTime("2028-02-29T00:00:00", "UTC"), Date.UTC(2028, 1, 29));
});

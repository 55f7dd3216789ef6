import assert from "node:assert/strict";
import { test } from "node:test";
import { isTimeZone, wallClockMs } from "../../src/session/wall-clock.ts";

const table: readonly (readonly [zone: string, instant: string, shown: string])[] = [
  ["UTC", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"],
  ["Europe/Berlin", "2026-03-29T00:59:59.999Z", "2026-03-29T01:59:59.999Z"],
  ["Europe/Berlin", "2026-03-29T01:00:00.000Z", "2026-03-29T03:00:00.000Z"],
  ["Asia/Kolkata", "2026-01-01T18:30:00.000Z", "2026-01-02T00:00:00.000Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00.000Z", "2026-04-05T01:30:00.000Z"],
  ["America/New_York", "1969-12-31T23:59:59.001Z", "1969-12-31T18:59:59.001Z"],
];

for (const [zone, instant, shown] of table) {
  test(`at ${instant} the clocks of ${zone} show ${shown.slice(0, -1)}`, () => {
    assert.equal(new Date(wallClockMs(zone, Date.parse(instant))).toISOString(), shown);
  });
}

test("a zone is known by the name Intl knows it by", () => {
  for (const name of ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"]) assert.equal(isTimeZone(name), true);
  for (const name of ["", "Mars/Olympus", "Europe/", "Z"]) assert.equal(isTimeZone(name), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rememberIntervals } from "../../src/session/boundary-interval.ts";
import { computeInterval } from "../../src/session/daily-boundary.ts";
import { defaultResetPolicy, type ResetPolicy } from "../../src/session/reset-policy.ts";
import { nextResetAt, resetReason } from "../../src/session/reset-reason.ts";
import { readVectors } from "./vectors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface ResetCase {
  readonly tag: string;
  readonly policy: { readonly mode: ResetPolicy["mode"]; readonly at_hour: number; readonly idle_minutes: number };
  readonly updated_at: string;
  readonly now: string;
  readonly expected: "idle" | "daily" | null;
}

/** A wall-clock time without a zone as milliseconds in UTC, its microseconds as the fraction. */
function readTime(text: string): number {
  const [seconds = "", micros = "0"] = text.split(".");
  return Date.parse(`${seconds}Z`) + Number(micros.padEnd(6, "0")) / 1000;
}

test("without grace every case of the reference is judged as it judged", () => {
  const cases = readVectors<ResetCase>("reset");
  assert.equal(cases.length, 1750);
  for (const { policy, updated_at, now, expected, tag } of cases) {
    const { mode, at_hour: atHour, idle_minutes: idleMinutes } = policy;
    const whole: ResetPolicy = { ...defaultResetPolicy("UTC"), mode, atHour, idleMinutes, graceMinutes: 0 };
    const lastActiveMs = readTime(updated_at);
    assert.equal(
      resetReason(whole, lastActiveMs, readTime(now)),
      expected,
      `${tag}: ${JSON.stringify({ policy, updated_at, now })}`,
    );
  }
});

const daily: ResetPolicy = { ...defaultResetPolicy("UTC"), mode: "daily" };
const at = (text: string) => Date.parse(`2026-04-05T${text}Z`);

const graceTable: readonly (readonly [name: string, lastActive: string, now: string, reason: "daily" | null])[] = [
  ["who last wrote long before is reset at the hour", "03:45:00", "04:00:00", "daily"],
  ["one millisecond before it is not", "03:45:00", "03:59:59.999", null],
  ["who wrote just before is waited for", "03:45:00.001", "04:00:00", null],
  ["the wait ends with the grace time", "03:55:00", "04:10:00", "daily"],
  ["and not before", "03:55:00", "04:09:59.999", null],
  ["who writes at the hour has carried it over", "04:00:00", "23:59:59", null],
  ["who writes in the grace time has carried it over", "04:05:00", "23:59:59", null],
];

for (const [name, lastActive, now, reason] of graceTable) {
  test(`a daily reset with 15 minutes of grace: ${name}`, () => {
    assert.equal(resetReason(daily, at(lastActive), at(now)), reason);
  });
}

test("what was carried over one boundary is judged at the next", () => {
  assert.equal(nextResetAt(daily, at("04:05:00")), at("04:00:00") + DAY_MS);
  assert.equal(nextResetAt(daily, at("03:55:00")), at("04:10:00"));
});

test("silence is judged before the hour, and ends one millisecond after its limit", () => {
  const both: ResetPolicy = { ...daily, mode: "both", idleMinutes: 60 };
  assert.equal(resetReason(both, at("01:00:00"), at("04:00:00")), "idle");
  assert.equal(resetReason(both, at("03:30:00"), at("04:00:00")), "daily");
  assert.equal(resetReason({ ...both, mode: "idle" }, at("03:00:00"), at("04:00:00")), null);
  assert.equal(nextResetAt({ ...both, mode: "idle" }, at("03:00:00")), at("04:00:00.001"));
});

test("mode none never resets", () => {
  const none: ResetPolicy = { ...daily, mode: "none" };
  assert.equal(resetReason(none, 0, at("04:00:00")), null);
  assert.equal(nextResetAt(none, 0), null);
});

test("a schedule whose last run is over never resets", () => {
  const over: ResetPolicy = { ...daily, schedule: "0 0 4 1 1 * 2020" };
  assert.equal(nextResetAt(over, at("00:00:00")), null);
  assert.equal(resetReason(over, at("00:00:00"), at("00:00:00") + 400 * DAY_MS), null);
});

test("a clock that was set back resets nothing", () => {
  assert.equal(
    resetReason({ ...daily, mode: "both", graceMinutes: 0 }, at("04:00:00"), at("04:00:00") - 10 * DAY_MS),
    null,
  );
});

test("a weekly schedule takes the place of the hour", () => {
  const weekly: ResetPolicy = { ...daily, timeZone: "Europe/Berlin", schedule: "0 4 * * 1" };
  assert.equal(nextResetAt(weekly, Date.parse("2026-03-24T12:00Z")), Date.parse("2026-03-30T02:00Z"));
});

const anyPolicy: fc.Arbitrary<ResetPolicy> = fc
  .record({
    mode: fc.constantFrom("idle", "daily", "both"),
    idleMinutes: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 4000 })),
    atHour: fc.integer({ min: 0, max: 23 }),
    timeZone: fc.constantFrom(
      ...["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"],
      ...["America/Sao_Paulo", "Africa/Cairo", "America/Nuuk", "Pacific/Apia"],
    ),
    graceMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1440 })),
    notify: fc.boolean(),
    schedule: fc.option(
      fc.constantFrom(
        "0 4 * * 1",
        "30 2 * * *",
        "0 2,14 * * *",
        "*/20 * * * *",
        "0 */3 * * *",
        "0 4 29 2 *",
        "15 0 1 * *",
      ),
      { nil: null },
    ),
  })
  .map(({ schedule, ...policy }) => (schedule === null ? policy : { ...policy, schedule }));

/** Days on which the clocks of one of the zones change. */
const changes = [
  "2011-12-30",
  "2018-11-04",
  "2026-03-08",
  "2026-03-29",
  "2026-04-05",
  "2026-04-24",
  "2026-10-04",
  "2026-10-25",
  "2026-11-01",
];
const anyInstant = fc.oneof(
  fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2030, 0) }),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * DAY_MS, max: 2 * DAY_MS }))
    .map(([day, ms]) => Date.parse(day) + ms),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -72, max: 48 }))
    .map(([day, hours]) => Date.parse(day) + hours * HOUR_MS),
);

test("the next reset is exactly the first millisecond at which there is a reason", () => {
  const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(anyPolicy, anyInstant, fractions, (policy, lastActiveMs, samples) => {
      const nextMs = nextResetAt(policy, lastActiveMs);
      assert.ok(nextMs !== null && Number.isInteger(nextMs) && nextMs >= lastActiveMs);
      assert.notEqual(resetReason(policy, lastActiveMs, nextMs), null, "there is a reason at it");
      if (nextMs > lastActiveMs)
        assert.equal(resetReason(policy, lastActiveMs, nextMs - 1), null, "there is none just before");
      for (const fraction of samples) {
        const earlierMs: number = lastActiveMs + Math.floor((nextMs - 1 - lastActiveMs) * fraction);
        if (earlierMs < nextMs)
          assert.equal(resetReason(policy, lastActiveMs, earlierMs), null, "there is none earlier");
        const laterMs = nextMs + Math.floor(fraction * fraction * 40 * DAY_MS);
        assert.notEqual(resetReason(policy, lastActiveMs, laterMs), null, "the reason lasts");
      }
    }),
    { seed: 20260405, numRuns: 600 },
  );
});

test("judging 100,000 sessions of one policy computes a boundary a day, not one a session", () => {
  let computed = 0;
  const intervalAt = rememberIntervals((rule, atMs) => {
    computed += 1;
    return computeInterval(rule, atMs);
  });
  const policy: ResetPolicy = { ...defaultResetPolicy("Europe/Berlin"), idleMinutes: 525_600 };
  const nowMs = Date.parse("2026-03-29T12:00Z");
  let due = 0;
  for (let session = 0; session < 100_000; session += 1) {
    const lastActiveMs = nowMs - (session % 30) * HOUR_MS - session;
    if (resetReason(policy, lastActiveMs, nowMs, intervalAt) !== null) due += 1;
    const nextMs = nextResetAt(policy, lastActiveMs, intervalAt);
    assert.equal(nextMs !== null && nextMs <= nowMs, resetReason(policy, lastActiveMs, nowMs, intervalAt) !== null);
  }
  assert.ok(due > 50_000 && due < 100_000);
  assert.ok(computed <= 4, `${computed} computations`);
});

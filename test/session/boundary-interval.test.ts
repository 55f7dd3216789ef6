import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type BoundaryRule, rememberIntervals } from "../../src/session/boundary-interval.ts";

const rule: BoundaryRule = { timeZone: "UTC", atHour: 4 };

/** Intervals as long as the rule's hour says, and how many were computed. */
function counted() {
  const calls: number[] = [];
  const intervalAt = rememberIntervals(({ atHour }, atMs) => {
    calls.push(atMs);
    const fromMs = Math.floor(atMs / atHour) * atHour;
    return { fromMs, untilMs: fromMs + atHour };
  });
  return { calls, intervalAt };
}

test("an interval is computed once, whatever is asked of it", () => {
  const { calls, intervalAt } = counted();
  for (const atMs of [4, 5, 7, 6, 4]) assert.deepEqual(intervalAt(rule, atMs), { fromMs: 4, untilMs: 8 });
  assert.equal(calls.length, 1);
  assert.deepEqual(intervalAt(rule, 8), { fromMs: 8, untilMs: 12 });
  assert.equal(calls.length, 2);
});

test("rules are told apart by zone, hour and schedule, not by who holds them", () => {
  const { calls, intervalAt } = counted();
  for (const other of [
    rule,
    { ...rule },
    { ...rule, timeZone: "Europe/Berlin" },
    { ...rule, schedule: "4 * * * *" },
    { ...rule, atHour: 5 },
  ]) {
    intervalAt(other, 0);
  }
  assert.equal(calls.length, 4);
});

test("a remembered interval is the computed one, in any order of questions", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -50, max: 50 }))), (questions) => {
      const { intervalAt } = counted();
      for (const [atHour, atMs] of questions) {
        const fromMs = Math.floor(atMs / atHour) * atHour;
        assert.deepEqual(intervalAt({ timeZone: "UTC", atHour }, atMs), { fromMs, untilMs: fromMs + atHour });
      }
    }),
    { seed: 20260405 },
  );
});

test("the memory is bounded, and what falls out of it is computed again", () => {
  const { calls, intervalAt } = counted();
  for (let atMs = 0; atMs < 4 * 10_000; atMs += 4) intervalAt(rule, atMs);
  assert.equal(calls.length, 10_000);
  assert.deepEqual(intervalAt(rule, 0), { fromMs: 0, untilMs: 4 });
  assert.equal(calls.length, 10_001);
  for (let index = 0; index < 1000; index += 1) intervalAt({ ...rule, timeZone: `zone ${index}` }, 0);
  assert.deepEqual(intervalAt(rule, 1), { fromMs: 0, untilMs: 4 });
  assert.equal(calls.length, 11_002);
});

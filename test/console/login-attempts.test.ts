import assert from "node:assert/strict";
import { test } from "node:test";
import { loginAttempts } from "../../src/console/login-attempts.ts";

const MINUTE_MS = 60_000;

function failTimes(attempts: ReturnType<typeof loginAttempts>, address: string, times: number, nowMs: number): void {
  for (let count = 0; count < times; count++) attempts.failed(address, nowMs);
}

test("who has failed ten times waits until a minute has passed since the first, and nobody else does", () => {
  const attempts = loginAttempts();
  failTimes(attempts, "10.0.0.1", 9, 0);
  assert.equal(attempts.waitSeconds("10.0.0.1", 0), 0);
  attempts.failed("10.0.0.1", 30_000);
  assert.equal(attempts.waitSeconds("10.0.0.1", 30_000), 30);
  assert.equal(attempts.waitSeconds("10.0.0.1", MINUTE_MS - 1), 1);
  assert.equal(attempts.waitSeconds("10.0.0.2", 30_000), 0);
  assert.equal(attempts.waitSeconds("10.0.0.1", MINUTE_MS), 0);
  // The next window begins with none.
  failTimes(attempts, "10.0.0.1", 9, MINUTE_MS);
  assert.equal(attempts.waitSeconds("10.0.0.1", MINUTE_MS), 0);
});

test("ten thousand addresses are remembered; of more, the one that failed longest ago is forgotten", () => {
  const attempts = loginAttempts();
  failTimes(attempts, "first", 10, 0);
  failTimes(attempts, "second", 10, 0);
  for (let count = 0; count < 9_998; count++) attempts.failed(`other ${count}`, 0);
  assert.deepEqual([attempts.waitSeconds("first", 0), attempts.waitSeconds("second", 0)], [60, 60]);
  attempts.failed("one more", 0);
  assert.deepEqual([attempts.waitSeconds("first", 0), attempts.waitSeconds("second", 0)], [0, 60]);
});

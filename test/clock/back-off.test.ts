import assert from "node:assert/strict";
import { test } from "node:test";
import { backOffMs } from "../../src/clock/back-off.ts";

test("each wait is twice the one before, up to the longest", () => {
  const waits = [1, 2, 3, 4, 5, 6].map((failures) => backOffMs(failures, 500, 5_000));
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  assert.equal(backOffMs(1_000_000, 500, 5_000), 5_000);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { briefRetryDelayMs, MAX_RETRIES, retryDelayMs } from "../../src/agent/model-retry.ts";

const table: readonly (readonly [retry: number, retryAfterMs: number | null, delayMs: number | null])[] = [
  [1, null, 1_000],
  [2, null, 2_000],
  [3, null, 4_000],
  [MAX_RETRIES + 1, null, null],
  [1, 0, 1_000],
  [1, 12_000, 12_000],
  [1, 30_000, 30_000],
  [1, 30_001, null],
];
for (const [retry, asked, delayMs] of table)
  test(`retry ${retry}, asked to wait ${asked} ms: ${delayMs}`, () =>
    assert.equal(retryDelayMs(retry, asked), delayMs));

test("a model with a fallback repeats one call, at once, and none of an overloaded provider", () => {
  const delays = [
    briefRetryDelayMs("unreachable", 1, null),
    briefRetryDelayMs("unreachable", 2, null),
    briefRetryDelayMs("broken", 1, 5_000),
    briefRetryDelayMs("overloaded", 1, null),
  ];
  assert.deepEqual(delays, [250, null, null, null]);
});

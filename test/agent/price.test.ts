import assert from "node:assert/strict";
import { test } from "node:test";
import { addUsage, usageOf } from "../../src/agent/price.ts";

const counts = (input: number | undefined, output: number | undefined, read?: number, written?: number) => ({
  inputTokens: input,
  outputTokens: output,
  inputTokenDetails: { cacheReadTokens: read, cacheWriteTokens: written },
});
const prices = { inputPerMillion: 1, outputPerMillion: 4, cachedInputPerMillion: null, cacheWritePerMillion: null };

test("cached tokens are counted apart, and cost as any input where they have no price", () => {
  assert.deepEqual(usageOf(counts(1_000_000, 500_000, 300_000, 200_000), prices), {
    inputTokens: 500_000,
    outputTokens: 500_000,
    cacheReadTokens: 300_000,
    cacheWriteTokens: 200_000,
    costUsd: 3,
  });
});

test("their own prices count where they are given, a price of nothing too", () => {
  const own = { ...prices, cachedInputPerMillion: 0, cacheWritePerMillion: 2 };
  assert.equal(usageOf(counts(1_000_000, 0, 300_000, 200_000), own)?.costUsd, 0.9);
});

test("what a provider did not count is not made up", () => {
  assert.equal(usageOf(counts(undefined, undefined), prices), null);
  assert.equal(usageOf(counts(5, undefined), null)?.costUsd, null);
  assert.equal(usageOf(counts(5, 1, 9), prices)?.inputTokens, 0);
});

test("a sum knows its cost only when both are known", () => {
  const one = usageOf(counts(1, 2), prices);
  assert.equal(addUsage(one, null), one);
  assert.equal(addUsage(null, one), one);
  assert.equal(addUsage(one, usageOf(counts(1, 2), null))?.costUsd, null);
  assert.equal(addUsage(one, one)?.outputTokens, 4);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeTokenBudget } from "../../src/memory/token-budget.ts";
import { readMemoryVectors, type Vector } from "./vectors/read-vectors.ts";

const vectors = readMemoryVectors<{ readonly normalize_token_budget: readonly Vector<number, number>[] }>("hygiene");

/** given, budget */
const table: readonly (readonly [number, number])[] = [
  ...vectors.normalize_token_budget.map((vector) => [vector.in, vector.out] as const),
  [8000, 200_000],
  [-1, 200_000],
  [0.5, 200_000],
  [1, 1],
  [1000.9, 1000],
  [Number.NaN, 200_000],
  [Number.POSITIVE_INFINITY, 200_000],
];

for (const [given, budget] of table) {
  test(`a budget of ${given} is ${budget}`, () => {
    assert.equal(normalizeTokenBudget(given), budget);
  });
}

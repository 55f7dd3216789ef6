import assert from "node:assert/strict";
import { test } from "node:test";
import { loadText } from "./load-text.ts";

test("a model needs nothing but its kind; the rest has defaults", () => {
  for (const kind of ["openai", "anthropic"]) {
    const { main } = loadText(`agents: { main: { kind: ${kind} } }`).config.agents;
    assert.partialDeepStrictEqual(main, {
      temperature: null,
      maxOutputTokens: null,
      historyMessages: 100,
      historyTokens: 50_000,
      firstByteTimeoutSeconds: 60,
      maxSteps: 10,
      prices: null,
      fallback: null,
    });
  }
});

test("prices may leave out those of the cache", () => {
  const text = "agents: { main: { kind: openai, prices: { inputPerMillion: 0.25, outputPerMillion: 2 } } }";
  const { main } = loadText(text).config.agents;
  assert.deepEqual(main?.kind === "openai" && main.prices, {
    inputPerMillion: 0.25,
    outputPerMillion: 2,
    cachedInputPerMillion: null,
    cacheWritePerMillion: null,
  });
});

const mistakes: readonly (readonly [field: string, path: string])[] = [
  ["temperature: 3", "agents.main.temperature"],
  ["firstByteTimeoutSeconds: 0", "agents.main.firstByteTimeoutSeconds"],
  ["firstByteTimeoutSeconds: 301", "agents.main.firstByteTimeoutSeconds"],
  ["maxSteps: 0", "agents.main.maxSteps"],
  ["historyMessages: -1", "agents.main.historyMessages"],
  ["prices: { inputPerMillion: 1 }", "agents.main.prices.outputPerMillion"],
  ["prices: { inputPerMillion: -1, outputPerMillion: 1 }", "agents.main.prices.inputPerMillion"],
  ["fallback: a b", "agents.main.fallback"],
];
for (const [field, path] of mistakes)
  test(`${field} is a mistake at ${path}`, () => {
    assert.throws(() => loadText(`agents: { main: { kind: anthropic, ${field} } }`), {
      message: new RegExp(path.replaceAll(".", "\\.")),
    });
  });

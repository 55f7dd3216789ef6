import assert from "node:assert/strict";
import { test } from "node:test";
import { legacyMessageTokens, legacyTextTokens } from "../../src/memory/legacy-tokens.ts";
import { readMemoryVectors, type Vector } from "./vectors/read-vectors.ts";

test("the two references' estimates come out to the token", () => {
  const hygiene = readMemoryVectors<{ readonly estimate_tokens: readonly Vector<string, number>[] }>("hygiene");
  assert.equal(hygiene.estimate_tokens.length, 7);
  for (const { in: text, out } of hygiene.estimate_tokens) assert.equal(legacyMessageTokens(text), out, text);
  const commits = readMemoryVectors<{ readonly tokens: Readonly<Record<string, number>> }>("commits");
  for (const [text, tokens] of Object.entries(commits.tokens)) assert.equal(legacyTextTokens(text), tokens, text);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { legacyLowerCase, legacyTrim, legacyTrimSet } from "../../src/memory/legacy-text.ts";

test("white space is what Go takes for it", () => {
  assert.equal(legacyTrim("\u3000\u00a0\u0085\v a \t\r\n"), "a");
  assert.equal(legacyTrim("\ufeffa\u200b"), "\ufeffa\u200b");
});

test("letters are made small one by one", () => {
  assert.equal(legacyLowerCase("İSTANBUL"), "istanbul");
  assert.equal(legacyLowerCase("ΟΔΟΣ"), "οδοσ");
});

test("a set of characters is trimmed from both ends", () => {
  assert.equal(legacyTrimSet("..a.b.,", ".,"), "a.b");
  assert.equal(legacyTrimSet("...", "."), "");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nearest } from "../../src/message/nearest.ts";

const known = ["requireMention", "reset", "access", "console", "token"];

for (const [text, expected] of [
  ["requiremention", "requireMention"],
  ["rest", "reset"],
  ["acess", "access"],
  ["cnosole", "console"],
  ["tokens", "token"],
  ["apiKey", null],
  ["x", null],
  ["", null],
] as const) {
  test(`${JSON.stringify(text)} is nearest to ${expected ?? "nothing"}`, () => {
    assert.equal(nearest(text, known), expected);
  });
}

test("one slip in a known key is always found", () => {
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.nat(), (key, seed) => {
      const at = seed % key.length;
      assert.equal(nearest(key.slice(0, at) + key.slice(at + 1), known), key);
    }),
  );
});

test("a very long key is compared with nothing", () => {
  assert.equal(nearest("x".repeat(100_000), ["x".repeat(100_000)]), null);
});

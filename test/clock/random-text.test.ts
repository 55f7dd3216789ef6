import assert from "node:assert/strict";
import { test } from "node:test";
import { randomText } from "../../src/clock/clock.ts";

test("a random text has the asked length, only characters of the alphabet, and each about equally often", () => {
  const counts = new Map<string, number>();
  const text = randomText("ABC", 30_000);
  assert.equal(text.length, 30_000);
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  assert.deepEqual([...counts.keys()].sort(), ["A", "B", "C"]);
  // Ten standard deviations (82 each) around a third.
  for (const count of counts.values()) assert.ok(Math.abs(count - 10_000) < 820, String(count));
});

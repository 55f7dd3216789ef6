import assert from "node:assert/strict";
import { test } from "node:test";
import { salience } from "../../src/memory/salience.ts";

const texts = [
  "ok thanks",
  "the invoice from the printer is wrong",
  "invoice 4711 goes to accounting by Friday",
  "lovely weather today",
  "the parrot sings in the morning",
];

function first(focus: string): string | undefined {
  const scores = salience(texts, focus);
  return texts[scores.indexOf(Math.max(...scores))];
}

test("figures and words that come back stand out; what was asked for stands out more", () => {
  assert.equal(first(""), "invoice 4711 goes to accounting by Friday");
  assert.equal(first("focus on the parrot, please, and the morning"), "the parrot sings in the morning");
  assert.equal(salience(texts, "")[0], Math.min(...salience(texts, "")));
  assert.deepEqual(salience([], "x"), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { displayWidth } from "../../src/message/display-width.ts";

const table: readonly (readonly [text: string, width: number])[] = [
  ["", 0],
  ["abc", 3],
  ["é", 1],
  ["e\u0301", 1],
  ["日本", 4],
  ["한글", 4],
  ["ｗｉｄｅ", 8],
  ["👍", 2],
  ["👍🏽", 2],
  ["👨‍👩‍👧‍👦", 2],
  ["🇩🇪", 2],
  ["❤️", 2],
  ["❤", 1],
  ["a\u200bb", 2],
  ["مرحبا", 5],
];

for (const [text, width] of table)
  test(`${JSON.stringify(text)} takes ${width} columns`, () => {
    assert.equal(displayWidth(text), width);
  });

import assert from "node:assert/strict";
import { test } from "node:test";
import { likenesses, wordsOf } from "../../src/memory/words.ts";

test("words are runs of letters and digits; where scripts write no blanks, pairs of characters", () => {
  assert.deepEqual([...wordsOf("Uses Go, uses\tRust-2021!")], ["uses", "go", "rust", "2021"]);
  assert.deepEqual([...wordsOf("喜欢绿茶")], ["喜欢", "欢绿", "绿茶"]);
  assert.deepEqual([...wordsOf("茶")], ["茶"]);
  assert.deepEqual([...wordsOf("...")], []);
  assert.ok(wordsOf("茶".repeat(10) + Array.from({ length: 5000 }, (_, index) => ` w${index}`).join("")).size <= 400);
});

test("likeness is the part of all words that both have", () => {
  const texts = ["likes green tea", "Tea green likes", "likes black tea", "coffee", ""];
  const likeTo = likenesses(texts.map(wordsOf));
  assert.deepEqual(
    new Map(likeTo(0)),
    new Map([
      [1, 1],
      [2, 0.5],
    ]),
  );
  assert.deepEqual(likeTo(3), []);
  assert.deepEqual(likeTo(4), []);
  assert.deepEqual(likeTo(9), []);
});

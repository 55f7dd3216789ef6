import assert from "node:assert/strict";
import { test } from "node:test";
import { likeness, wordsOf } from "../../src/memory/words.ts";

test("words are runs of letters and digits; where scripts write no blanks, pairs of characters", () => {
  assert.deepEqual([...wordsOf("Uses Go, uses\tRust-2021!")], ["uses", "go", "rust", "2021"]);
  assert.deepEqual([...wordsOf("喜欢绿茶")], ["喜欢", "欢绿", "绿茶"]);
  assert.deepEqual([...wordsOf("茶")], ["茶"]);
  assert.deepEqual([...wordsOf("...")], []);
  assert.ok(wordsOf("茶".repeat(10) + Array.from({ length: 5000 }, (_, index) => ` w${index}`).join("")).size <= 400);
});

test("likeness is the part of all words that both have", () => {
  assert.equal(likeness(wordsOf("likes green tea"), wordsOf("Tea green likes")), 1);
  assert.equal(likeness(wordsOf("likes green tea"), wordsOf("likes black tea")), 0.5);
  assert.equal(likeness(wordsOf("tea"), wordsOf("coffee")), 0);
  assert.equal(likeness(wordsOf(""), wordsOf("")), 0);
});

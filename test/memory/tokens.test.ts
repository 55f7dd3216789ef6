import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutToTokens, messageTokens, textTokens } from "../../src/memory/tokens.ts";

/** text, tokens without the message's own four */
const table: readonly (readonly [string, number])[] = [
  ["", 0],
  ["abcd", 1],
  ["abcde", 2],
  ["你好世界你好", 4],
  ["你好世界 你好", 5],
  ["こんにちは", 4],
  ["안녕하세요", 4],
  ["𠮷野家", 2],
  ["（。）", 2],
  ["naïve café", 3],
  ["😀😀", 1],
];

for (const [text, tokens] of table) {
  test(`${JSON.stringify(text)} is ${tokens} tokens, and four more as a message`, () => {
    assert.equal(textTokens(text), tokens);
    assert.equal(messageTokens(text), tokens + 4);
  });
}

test("a longer text never has fewer tokens, and a text costs no more than its characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (one, other) => {
      assert.ok(textTokens(one + other) >= textTokens(one));
      assert.ok(textTokens(one + other) <= textTokens(one) + textTokens(other));
      assert.ok(textTokens(one) <= one.length);
    }),
  );
});

test("a text cut to tokens is the longest beginning that has no more, in whole characters", () => {
  const unit = fc.constantFrom("a", "é", "世", "𠮷", "😀", " ");
  fc.assert(
    fc.property(fc.array(unit), fc.nat(20), (characters, tokens) => {
      const text = characters.join("");
      const cut = cutToTokens(text, tokens);
      assert.ok(text.startsWith(cut) && cut.isWellFormed());
      assert.ok(textTokens(cut) <= tokens);
      const [next = ""] = text.slice(cut.length);
      if (next !== "") assert.ok(textTokens(cut + next) > tokens);
    }),
  );
});

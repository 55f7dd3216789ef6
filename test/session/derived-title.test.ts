import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { derivedTitle } from "../../src/session/derived-title.ts";

/** what was said first, its title */
const table: readonly (readonly [said: string, title: string | null])[] = [
  ["hello", "hello"],
  ["Plan my trip to Rome. I have four days.", "Plan my trip to Rome"],
  ["What is 3.5 times 2? Explain.", "What is 3.5 times 2?"],
  ["See https://example.org/a?b=c.d for it. Then go on.", "See https://example.org/a?b=c.d for it"],
  ["Wait... what?", "Wait..."],
  ["東京の天気は？明日も知りたい。", "東京の天気は？"],
  ["今日は晴れ。明日は雨。", "今日は晴れ"],
  ["\n\n# Title of a paste\n\nand more", "Title of a paste"],
  ["> quoted\nand said", "quoted"],
  ["```\ncode\n```", "code"],
  ["1. first\n2. second", "first"],
  ["2024 was a good year", "2024 was a good year"],
  ["a\u202eb\u0007c", "abc"],
  ["👍", "👍"],
  ["x".repeat(100), `${"x".repeat(59)}…`],
  ["", null],
  [" \n\t ", null],
  ["---\n***", null],
  ["?!", null],
];
for (const [said, title] of table) {
  test(`${JSON.stringify(said.slice(0, 40))} is titled ${JSON.stringify(title)}`, () => {
    assert.equal(derivedTitle(said), title);
  });
}

test("a derived title is one clean line of at most 60 characters, whatever was said", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (said) => {
      const title = derivedTitle(said);
      if (title === null) return;
      assert.ok(title.length <= 60 && title.length > 0);
      assert.ok(title.isWellFormed());
      assert.doesNotMatch(title, /[\p{Cc}\p{Zl}\p{Zp}]/u);
      assert.equal(title, title.trim());
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { snippetOf } from "../../src/store/snippet.ts";

test("a short text is its own snippet, on one line", () => {
  assert.equal(snippetOf("one\n\n two\tthree", ["two"]), "one two three");
});

test("a long text is cut around the first word found, whatever its case and accents", () => {
  const text = `${"before ".repeat(50)}Crème\u0301 brûlée ${"after ".repeat(50)}`;
  for (const words of [["brulee"], ["BRÛLÉE"], ["nowhere", "brûlée"]]) {
    const snippet = snippetOf(text, words);
    assert.ok(snippet.includes("brûlée"), snippet);
    assert.match(snippet, /^….*…$/);
  }
  assert.match(snippetOf(text, ["nowhere"]), /^before .*…$/);
});

test("a snippet is one line of at most 200 characters and an ellipsis on either side, and has no half characters", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 600 }),
      fc.string({ unit: "grapheme", maxLength: 5 }),
      (text, word) => {
        const snippet = snippetOf(text, [word]);
        assert.ok(snippet.length <= 202);
        assert.ok(snippet.isWellFormed());
        assert.doesNotMatch(snippet, /\n/);
      },
    ),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { foldText } from "../../src/store/fold-text.ts";

const table: readonly (readonly [text: string, folded: string])[] = [
  ["Crème BRÛLÉE", "creme brulee"],
  ["ÄÖÜ ñ ç Å", "aou n c a"],
  ["ΑΓΆΠΗ", "αγαπη"],
  ["ЁЛКА", "елка"],
  ["İ", "i"],
  ["안녕하세요", "안녕하세요"],
  ["がな", "がな"],
  ["北京", "北京"],
  ["हिन्दी", "हिन्दी"],
  ["😀 A", "😀 a"],
];
for (const [text, folded] of table) {
  test(`${text} folds to ${folded}`, () => {
    assert.equal(foldText(text), folded);
  });
}

test("folding keeps every unit in its place, and folding again changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const folded = foldText(text);
      assert.equal(folded.length, text.length);
      assert.equal(foldText(folded), folded);
    }),
    { numRuns: 500 },
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cutToWidth, displayWidth } from "../../src/cli/display-width.ts";
import { renderFacts, renderTable } from "../../src/cli/table.ts";

const widths: readonly (readonly [text: string, width: number])[] = [
  ["", 0],
  ["abc", 3],
  ["日本語", 6],
  ["한국", 4],
  ["e\u0301", 1],
  ["🙂", 2],
  ["ｆｕｌｌ", 8],
  ["a\u200db", 2],
];

describe("displayWidth", () => {
  for (const [text, width] of widths) {
    test(`of ${JSON.stringify(text)} is ${width}`, () => assert.equal(displayWidth(text), width));
  }
});

test("cutToWidth never exceeds the width and leaves what fits alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, width) => {
      const cut = cutToWidth(text, width);
      assert.ok(displayWidth(cut) <= width);
      if (displayWidth(text) <= width) assert.equal(cut, text);
    }),
  );
});

describe("renderTable", () => {
  const columns = [
    { heading: "NAME", maxWidth: 8 },
    { heading: "N", maxWidth: null },
  ];

  test("aligns columns, wide characters included", () => {
    assert.equal(
      renderTable(columns, [
        ["Ann", "1"],
        ["日本", "22"],
        ["a long name", "3"],
      ]),
      ["NAME      N", "Ann       1", "日本      22", "a long …  3"].join("\n"),
    );
  });

  test("keeps a row in its line, whatever people wrote", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 2 })), (rows) => {
        const lines = renderTable(columns, rows).split("\n");
        assert.equal(lines.length, rows.length + 1);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
        assert.doesNotMatch(lines.join(""), /[\u0000-\u001f\u007f-\u009f\u202e]/);
      }),
    );
  });
});

test("renderFacts aligns the values and shows control characters", () => {
  const facts = [
    ["Name", "x\u001b[31m"],
    ["A longer one", "y"],
  ] as const;
  assert.equal(renderFacts(facts), "Name          x\\u001b[31m\nA longer one  y");
});

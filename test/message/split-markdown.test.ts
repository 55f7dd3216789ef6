import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Markup } from "../../src/message/markup.ts";
import { plainMarkup } from "../../src/message/plain-markup.ts";
import { renderMarkdown } from "../../src/message/render-markdown.ts";
import { splitMarkdown } from "../../src/message/split-markdown.ts";
import { fromCorpus, lettersOf, lostLetters, markdownCorpus, shownText } from "../support/markdown-corpus.ts";
import { markdownParts } from "../support/markdown-parts.ts";

// Words as they are, and links that hide their address.
const markup: Markup = { ...plainMarkup, linkSchemes: new Set(["http:", "https:", "mailto:"]) };

function lengthOf(piece: string): number {
  return renderMarkdown(piece, markup).length;
}

function split(markdown: string, limit: number): string[] {
  return splitMarkdown(markdown, { limit, lengthOf });
}

const table: readonly (readonly [says: string, limit: number, markdown: string, pieces: readonly string[]])[] = [
  ["what fits stays byte for byte", 40, "\n **a**  \n\n\n- b \n", ["\n **a**  \n\n\n- b \n"]],
  ["white space has no piece", 40, " \n\t\n", []],
  ["what shows nothing has no piece", 40, "```js\n```", []],
  [
    "between paragraphs",
    30,
    "One paragraph.\n\nAnother paragraph.\n\nThird.",
    ["One paragraph.", "Another paragraph.\n\nThird."],
  ],
  [
    "a heading goes with its text",
    30,
    "Some text.\n\nMore.\n\n## Head\n\ntext text text",
    ["Some text.\n\nMore.", "## Head\n\ntext text text"],
  ],
  [
    "between lines",
    20,
    "first line\nsecond line\nthird line",
    ["first line", "second line\nthird line".slice(0, 11), "third line"],
  ],
  [
    "between sentences",
    30,
    "It is so. And so it is. Or is it not so?",
    ["It is so. And so it is.", "Or is it not so?"],
  ],
  ["between words", 20, "one two three four five six", ["one two three four", "five six"]],
  ["a word too long for any piece", 10, "abcdefghijklmnopqrstuvwxyz", ["abcdefghij", "klmnopqrst", "uvwxyz"]],
  ["between emoji", 20, "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", ["👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]],
  ["not in a link", 20, "See the [long label](https://x.y) there", ["See the", "[long label](https://x.y) there"]],
  ["not in code", 20, "Call the `function name` there", ["Call the", "`function name` there"]],
  [
    "a long address does not count",
    12,
    "[a](https://x.y/very/long/address) b c d e f g h",
    ["[a](https://x.y/very/long/address) b c d e f", "g h"],
  ],
  [
    "code is closed and opened again",
    40,
    "```js\nconst a = 1;\nconst b = 2;\nconst c = 3;\n```\nafter",
    ["```js\nconst a = 1;\nconst b = 2;\n```", "```js\nconst c = 3;\n```\nafter"],
  ],
  [
    "a fence of tildes too",
    24,
    "~~~~\n```\nin it\n```\nmore\nand more of it\n~~~~",
    ["~~~~\n```\nin it\n```\nmore\n~~~~", "~~~~\nand more of it\n~~~~"],
  ],
  [
    "code in a list",
    30,
    "- a\n  ```py\n  line one\n  line two\n  line three\n  ```\n- b",
    ["- a\n  ```py\n  line one\n  line two\n  ```", "```py\nline three\n```\n- b"],
  ],
  [
    "a numbered list counts on",
    30,
    "1. one one one\n1. two two two\n1. three\n1. four",
    ["1. one one one", "2. two two two\n1. three", "4. four"],
  ],
  [
    "within an item of a numbered list",
    24,
    "1. one two three four five six seven\n1. two",
    ["1. one two three four", "five six seven\n2. two"],
  ],
  [
    "a nested list loses its indentation",
    40,
    "1. one one one\n   - sub a sub a\n   - sub b sub b\n2. two",
    ["1. one one one\n   - sub a sub a", "- sub b sub b\n2. two"],
  ],
  [
    "a list far in is no code",
    40,
    "- one\n    - two two two\n        - three three\n        - four four four\n- five",
    ["- one\n    - two two two", "  - three three\n  - four four four\n- five"],
  ],
  [
    "quotes stay quotes",
    30,
    "> one two three four five six seven eight",
    ["> one two three four five six", "> seven eight"],
  ],
  [
    "a table repeats its heading",
    80,
    `| A | B |\n|---|---|\n${["one", "two", "six", "ten"].map((word) => `| ${word} | ${"x".repeat(12)} |\n`).join("")}`,
    [
      "| A | B |\n|---|---|\n| one | xxxxxxxxxxxx |\n| two | xxxxxxxxxxxx |",
      "| A | B |\n|---|---|\n| six | xxxxxxxxxxxx |\n| ten | xxxxxxxxxxxx |\n",
    ],
  ],
  [
    "what would open a block is escaped",
    16,
    "aaaaaaaaaaaaaaaa# bbbbbbbbbbbb",
    ["aaaaaaaaaaaaaaaa", "\\# bbbbbbbbbbbb"],
  ],
];

for (const [says, limit, markdown, pieces] of table)
  test(`a text is cut: ${says}`, () => {
    assert.deepEqual(split(markdown, limit), pieces);
  });

const texts = fc
  .array(fc.constantFrom(...markdownCorpus.map(({ markdown }) => markdown.slice(0, 2500))), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join("\n\n"));
// A character reference is none in an address or in HTML, and may become one by a cut.
const heaps = markdownParts.map((text) => text.replaceAll("&amp;", "&"));
const limits = fc.oneof(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 200, max: 4096 }));
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

test("each piece of any text fits and shows something, and together they lose no letter", () => {
  fc.assert(
    fc.property(fc.oneof(texts, heaps), limits, (markdown, limit) => {
      const pieces = split(markdown, limit);
      for (const piece of pieces) {
        assert.ok(lengthOf(piece) <= limit, `${lengthOf(piece)} of ${limit}`);
        assert.ok(lengthOf(piece) > 0, "a piece shows nothing");
      }
      const seen = pieces.map((piece) => renderMarkdown(piece, plainMarkup)).join("\n");
      assert.equal(lostLetters(shownText(markdown), seen), null);
    }),
    { numRuns: 120 },
  );
});

test("pieces of ordinary length add no letter", () => {
  for (const { name, markdown } of markdownCorpus) {
    const seen = split(markdown, 1000).map((piece) => renderMarkdown(piece, markup));
    // A repeated heading of a table is meant to be there, and a link longer than a post has to be cut.
    if (["a very long table", "a very long address", "sources at the end"].includes(name)) continue;
    assert.equal(lettersOf(seen.join("")), lettersOf(renderMarkdown(markdown, markup)), name);
  }
});

test("what fits is the only piece, byte for byte", () => {
  fc.assert(
    fc.property(fc.oneof(texts, markdownParts), (markdown) => {
      const length = lengthOf(markdown);
      if (length > 0) assert.deepEqual(split(markdown, length * 4 + markdown.length), [markdown]);
    }),
    { numRuns: 60 },
  );
});

test("a piece is cut no further", () => {
  fc.assert(
    fc.property(texts, limits, (markdown, limit) => {
      for (const piece of split(markdown, limit)) assert.deepEqual(split(piece, limit), [piece]);
    }),
    { numRuns: 60 },
  );
});

test("no grapheme is cut", () => {
  const families = fc.constantFrom("👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301", "नि", "각", "日", "a", " ", "🏳️‍🌈", "\n");
  fc.assert(
    fc.property(fc.array(families, { maxLength: 120 }), fc.integer({ min: 20, max: 60 }), (parts, limit) => {
      const markdown = parts.join("");
      const whole = [...graphemes.segment(markdown)]
        .map(({ segment }) => segment)
        .filter((segment) => /\S/.test(segment));
      const cut = split(markdown, limit).flatMap((piece) =>
        [...graphemes.segment(piece)].map(({ segment }) => segment),
      );
      assert.deepEqual(
        cut.filter((segment) => /\S/.test(segment)),
        whole,
      );
    }),
    { numRuns: 500 },
  );
});

test("each piece closes the fences it opens", () => {
  const code = fromCorpus("a very long code block");
  fc.assert(
    fc.property(fc.integer({ min: 80, max: 3000 }), fc.constantFrom("", "> ", "   "), (limit, prefix) => {
      const markdown = prefix === "   " ? `1. a\n${code.replace(/^/gm, prefix)}` : code.replace(/^/gm, prefix);
      for (const piece of split(markdown, limit)) {
        const fences = piece.match(/^[> ]*```(?:js)?$/gm) ?? [];
        assert.equal(fences.length % 2, 0, piece);
        for (let index = 0; index < fences.length; index += 2) assert.match(fences[index] ?? "", /```js$/);
      }
    }),
    { numRuns: 12 },
  );
});

test("while a text grows, the pieces before the last stay as they are", () => {
  for (const { name, markdown: whole } of markdownCorpus) {
    const markdown = whole.slice(0, 2500);
    if (markdown.length < 60) continue;
    const limit = Math.max(60, Math.floor(markdown.length / 7));
    let settled: readonly string[] = [];
    for (let length = 0; length <= markdown.length; length += Math.max(7, Math.floor(markdown.length / 10))) {
      const pieces = split(markdown.slice(0, length), limit);
      // The end of a link may hide its address, and the text fits fewer pieces than before.
      const stay = pieces.length <= settled.length || settled.every((piece, index) => pieces[index] === piece);
      assert.ok(stay, `${name}, ${length}: ${JSON.stringify([settled, pieces])}`);
      settled = pieces.slice(0, -1);
    }
  }
});

test("a megabyte is cut in time that grows with its length", () => {
  // Longer ones take seconds, in proportion; a text whose time grew with its square would take minutes here.
  assert.ok(split("word ".repeat(200_000), 4096).length > 240);
  assert.ok(split("x".repeat(1_000_000), 4096).length > 240);
  assert.ok(split(`1. a\n${"   - item\n".repeat(8000)}`, 4096).length > 12);
});

for (const unit of ["\\\u2028", "[\u2029", "\r(", "\u2028"]) {
  test(`thousands of ${JSON.stringify(unit)} are cut in bounded time`, () => {
    const started = process.threadCpuUsage();
    splitMarkdown(unit.repeat(5_000), { limit: 4_000, lengthOf: (piece) => piece.length });
    const { user, system } = process.threadCpuUsage(started);
    // A tenth of it is what it takes; what begins anew at each line takes ten times as much.
    assert.ok(user + system < 300_000, `${Math.round((user + system) / 1_000)} ms`);
  });
}

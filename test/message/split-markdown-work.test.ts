import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { discordMarkdown, splitForDiscord } from "../../adapters/discord/format.ts";
import { slackMarkdown, splitForSlack } from "../../adapters/slack/format.ts";
import { splitForTelegram, telegramHtml } from "../../adapters/telegram/format.ts";
import { markdownWork } from "../../src/message/markdown-work.ts";
import { MAX_WORK, splitMarkdown } from "../../src/message/split-markdown.ts";

/** As long as the longest answer that is posted. */
const LENGTH = 40_000;

function repeated(unit: string, before = ""): string {
  return before + unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH - before.length);
}

const platforms = [
  ["telegram", splitForTelegram, telegramHtml, 4_096],
  ["discord", splitForDiscord, discordMarkdown, 2_000],
  ["slack", splitForSlack, slackMarkdown, 12_000],
] as const;

/** They took from one second to minutes while nothing bounded it. */
const hostile: readonly (readonly [what: string, text: string])[] = [
  ["a table of rows of one letter", repeated("x\n", "a|\n|-|\n")],
  ["a table below a heading that each post repeats", repeated("|a|b|\n", `|${"w".repeat(300)}|x|\n|-|-|\n`)],
  ["numbered items", repeated("1. a\n")],
];

for (const [platform, split, render] of platforms) {
  test(`${platform}: what was made to take long is cut into whole posts, and no word of it is lost`, () => {
    for (const [what, text] of hostile) {
      const pieces = split(text);
      assert.ok(pieces.length >= 3 && pieces.length < 100, `${what}: ${pieces.length}`);
      const letters = (given: string) => given.match(/[ax]/g)?.length ?? 0;
      // Headings of tables may be repeated.
      assert.ok(letters(pieces.join("\n")) >= letters(text), what);
      assert.notEqual(render(pieces.at(-1) ?? ""), "", what);
    }
  });
}

test("a text costs no more to cut than what is allowed, however it was made", () => {
  const marks = [..."|-*_`[]<>&!@#:+1.\\( \n\r\ta~=".split(""), "- ", "1. ", "> ", "|a|\n|-|\n", "\n\n"];
  const unit = fc.array(fc.constantFrom(...marks), { minLength: 1, maxLength: 5 });
  const limit = 1_000;
  const length = 12_000;
  fc.assert(
    fc.property(unit, unit, (before, again) => {
      let work = 0;
      const lengthOf = (piece: string) => {
        work += markdownWork(piece);
        return piece.length;
      };
      const text = repeated(again.join(""), before.join("")).slice(0, length);
      for (const piece of splitMarkdown(text, { limit, lengthOf })) assert.ok(piece.length <= limit);
      // What is shown as it was written costs its lines; what is in the end less than a post is looked at whole.
      assert.ok(work <= MAX_WORK + 2 * length, `${work}`);
    }),
    { numRuns: 20 },
  );
});

test("a table below a wide heading is read a few times, not once for each post it fills", () => {
  let read = 0;
  const lengthOf = (piece: string) => {
    read += piece.length;
    return slackMarkdown(piece).length;
  };
  const [, text] = hostile[1] ?? [];
  assert.ok(splitMarkdown(text ?? "", { limit: 12_000, lengthOf }).length < 20);
  assert.ok(read < 10 * LENGTH, `${read} characters`);
});

test("what is too much is shown as it was written, in code, from there on", () => {
  const text = repeated("1. **`x`**\n");
  const pieces = splitForSlack(text);
  const last = pieces.at(-1) ?? "";
  assert.match(last, /^``\n|^```\n/);
  assert.match(last, /\n1\. \*\*`x`\*\*\n/);
  assert.match(last, /\n`{3,}$/);
});

test("an answer of a usual kind is laid out to its end, long as it is", () => {
  const chapter = `## A heading\n\n${"Some words with **emphasis**, `code` and a [link](https://a.example/b) now and then. ".repeat(6)}\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`js\n${"const a = b[0] ?? { c: `${d}` };\n".repeat(12)}\`\`\`\n\n`;
  for (const [platform, split] of platforms) {
    const pieces = split(chapter.repeat(35));
    assert.match(pieces.at(-1) ?? "", /\*\*emphasis\*\*|\| 1 \|/, platform);
    assert.ok(!pieces.some((piece) => /^`{3,}\n/.test(piece)), platform);
  }
});

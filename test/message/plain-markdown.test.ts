import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { discordMarkup } from "../../adapters/discord/render-discord.ts";
import { mrkdwnMarkup } from "../../adapters/slack/render-mrkdwn.ts";
import { telegramMarkup } from "../../adapters/telegram/render-html.ts";
import { parseMarkdown } from "../../src/message/markdown.ts";
import { isPlainMarkdown } from "../../src/message/plain-markdown.ts";
import { plainMarkup } from "../../src/message/plain-markup.ts";
import { renderTree } from "../../src/message/render-markdown.ts";
import { markdownParts } from "../support/markdown-parts.ts";

const plain = [
  "Sure, I can help.",
  "Two lines:\nthe second",
  "Two paragraphs.\n\nEnd!",
  "It's 50% (or more); what? 日本 👍🏽",
  "a-b 1.5 x",
];
const marked = [
  "a *b*",
  "a_b",
  "- a",
  "1. a",
  "a\n2) b",
  "# a",
  "a\n# b",
  "> a",
  "a@b.de",
  "www.a.de",
  "http://a",
  " a",
  "a ",
  "a  \nb",
  "a\n\n\nb",
  "<b>",
  "a & b",
  "a|b",
  "a\\b",
  "`a`",
  "a\n===",
  "a\n---",
  "a\u0000",
  "\ud83d",
  "",
  "\n",
];

for (const text of plain)
  test(`${JSON.stringify(text)} is plain`, () => {
    assert.equal(isPlainMarkdown(text), true);
  });

for (const text of marked)
  test(`${JSON.stringify(text)} has to be parsed`, () => {
    assert.equal(isPlainMarkdown(text), false);
  });

test("what is plain is the same in every markup", () => {
  const words = fc.array(
    fc.constantFrom(
      "word",
      "It's",
      "1",
      "2.5",
      "(so)",
      "日本",
      "👍🏽",
      ".",
      ":",
      "\n",
      "\n\n",
      " ",
      "-",
      "+",
      "=",
      "#",
      "%",
      '"',
      "\t",
      "10.",
      "2)",
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        words.map((parts) => parts.join("")),
        markdownParts,
        fc.string({ unit: "grapheme" }),
      ),
      (text) => {
        if (!isPlainMarkdown(text)) return;
        for (const markup of [plainMarkup, telegramMarkup(), discordMarkup, mrkdwnMarkup]) {
          const rendered = renderTree(parseMarkdown(text), markup);
          assert.equal(rendered.replaceAll("&quot;", '"'), text);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

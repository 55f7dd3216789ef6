import assert from "node:assert/strict";
import { test } from "node:test";
import { discordMarkdown } from "../../adapters/discord/format.ts";
import { slackMarkdown } from "../../adapters/slack/format.ts";
import { telegramHtml } from "../../adapters/telegram/format.ts";
import { MAX_PARSED_LENGTH, MAX_PARSED_WORK, parseMarkdown } from "../../src/message/markdown.ts";
import { markdownWork } from "../../src/message/markdown-work.ts";

const half = MAX_PARSED_LENGTH / 2;
/** Ten times what the slowest of these takes; what grows with the square of its length takes far more. */
const MAX_MICROSECONDS = 3_000_000;
const hostile: readonly (readonly [says: string, markdown: string])[] = [
  ["emphasis that is never closed", "*a_".repeat(half / 3)],
  ["quotes in quotes", ">".repeat(half)],
  ["lists in lists", "- ".repeat(half / 2)],
  ["numbered lists in quotes", "> 1. ".repeat(half / 5)],
  ["brackets", "[".repeat(half)],
  ["brackets that end nothing", "]".repeat(2 * half)],
  ["words that may be links", "[a]".repeat((2 * half) / 3)],
  ["notes that are nowhere", "[^1]".repeat(half / 2)],
  ["mail addresses", "a@b.c ".repeat((2 * half) / 6)],
  ["images in images", "![".repeat(half / 2)],
  ["runs of backticks", Array.from({ length: 250 }, (_, index) => "`".repeat(index)).join(" ")],
  ["half of a table", `${"|a".repeat(half / 8)}\n${"|-".repeat(half / 8)}`],
  ["backslashes", "\\".repeat(half)],
  ["tags", "<a ".repeat(half / 3)],
  ["spaces", " ".repeat(half)],
  ["brackets, words and references", "&a [*a".repeat((2 * half) / 6)],
];

/** As much of a heap as is parsed. */
function parsedPart(markdown: string): string {
  const most = markdown.slice(0, MAX_PARSED_LENGTH);
  return most.slice(0, Math.floor(most.length * Math.min(1, MAX_PARSED_WORK / markdownWork(most))));
}

for (const [says, markdown] of hostile)
  test(`a heap of ${says} is formatted in bounded time and depth`, () => {
    const started = process.threadCpuUsage();
    for (const heap of [markdown, parsedPart(markdown)]) assert.equal(typeof telegramHtml(heap), "string");
    const { user, system } = process.threadCpuUsage(started);
    assert.ok(user + system < MAX_MICROSECONDS, `${Math.round((user + system) / 1_000)} ms`);
  });

test("a text too long to be parsed is one paragraph of text", () => {
  const root = parseMarkdown(`**a** ${"x".repeat(MAX_PARSED_LENGTH)}`);
  assert.deepEqual(
    root.children.map(({ type }) => type),
    ["paragraph"],
  );
  assert.match(telegramHtml(`**a** & ${"x".repeat(MAX_PARSED_LENGTH)}`), /^\*\*a\*\* &amp; x/);
});

test("a text with too many marks to be parsed is one paragraph of text, in which nothing pings", () => {
  const marks = "[*a&a ".repeat(MAX_PARSED_WORK / 3);
  const text = `**a** <!channel> @everyone ${marks}`;
  assert.deepEqual(
    parseMarkdown(text).children.map(({ type }) => type),
    ["paragraph"],
  );
  assert.match(telegramHtml(text), /^\*\*a\*\* &lt;!channel&gt; /);
  assert.doesNotMatch(slackMarkdown(text), /<!channel>/);
  assert.doesNotMatch(discordMarkdown(text), /@everyone/);
});

test("half of a surrogate pair becomes the replacement character, and offsets stay", () => {
  const [paragraph] = parseMarkdown("a \ud83d **b**").children;
  assert.equal(paragraph?.position?.end.offset, 9);
  assert.equal(telegramHtml("a \ud83d b"), "a \ufffd b");
});

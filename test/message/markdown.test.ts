import assert from "node:assert/strict";
import { test } from "node:test";
import { telegramHtml } from "../../adapters/telegram/format.ts";
import { MAX_PARSED_LENGTH, parseMarkdown } from "../../src/message/markdown.ts";

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
];

for (const [says, markdown] of hostile)
  test(`a heap of ${says} is formatted in bounded time and depth`, () => {
    const started = process.threadCpuUsage();
    assert.equal(typeof telegramHtml(markdown), "string");
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

test("half of a surrogate pair becomes the replacement character, and offsets stay", () => {
  const [paragraph] = parseMarkdown("a \ud83d **b**").children;
  assert.equal(paragraph?.position?.end.offset, 9);
  assert.equal(telegramHtml("a \ud83d b"), "a \ufffd b");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Nodes } from "mdast";
import { constructsToDrop, hasAddresses } from "../../src/message/costly-markdown.ts";
import { parseMarkdown } from "../../src/message/markdown.ts";

const LENGTH = 60_000;

function repeated(piece: string): string {
  return piece.repeat(Math.floor(LENGTH / piece.length));
}

function textIn(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(textIn).join("") : "";
}

/** Each of them took from seven seconds to a minute and a half while it was parsed whole. */
const costly: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["brackets that close nothing", repeated("]"), repeated("]")],
  ["underlined headings", repeated("word\n=\n"), "word"],
  ["a bracket before a long text", `[${repeated("word ")}`, "[word word"],
  ["lists in lists", repeated(`${"- ".repeat(31)}word\n`), "word"],
  ["deep lists by indentation", repeated("- one\n  - two\n    - three\n      - four\n"), "three"],
  ["references", repeated("[one][two] "), "[one][two]"],
  ["footnotes", repeated("[^one] "), "[^one]"],
];

test("what would hold everything up is shown as it was written, and no word of it is lost", () => {
  for (const [what, text, shown] of costly) {
    const whole = textIn(parseMarkdown(text));
    assert.ok(whole.includes(shown), what);
    const words = (given: string) => given.match(/[a-z]+/g)?.length ?? 0;
    assert.equal(words(whole), words(text), what);
  }
});

test("what people and models write is parsed whole", () => {
  const long = `${"- one [link](https://a.example/b) and *two*\n".repeat(300)}\n\nTitle\n=====\n\n> a quote\n`;
  assert.deepEqual(constructsToDrop(long), []);
  assert.equal(hasAddresses(long.slice(0, 15_000)), true);
  assert.equal(hasAddresses("no brackets ".repeat(5_000)), true);
});

test("only what there is too much of stays text", () => {
  assert.deepEqual(constructsToDrop("a*".repeat(2_001)), ["attention", "strikethrough"]);
  assert.deepEqual(constructsToDrop("- a\n".repeat(2_001)), ["blockQuote", "list"]);
  assert.deepEqual(constructsToDrop(`${"- ".repeat(32)}a`), ["blockQuote", "list"]);
  assert.deepEqual(constructsToDrop("a\n---\n".repeat(501)), ["setextUnderline"]);
  assert.ok(constructsToDrop("[a](b) ".repeat(1_001)).includes("labelEnd"));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { slackMarkdown, slackMrkdwn, slackPlain, splitForSlack } from "../../../adapters/slack/format.ts";
import { lostLetters, markdownCorpus, shownText } from "../../support/markdown-corpus.ts";
import { markdownParts } from "../../support/markdown-parts.ts";
import { readMarkdownBlock } from "../../support/read-markdown-block.ts";
import { readMrkdwn } from "../../support/read-mrkdwn.ts";

for (const { name, markdown } of markdownCorpus) {
  test(`${name}: Slack takes it, and no word is lost`, () => {
    const pieces = splitForSlack(markdown);
    for (const piece of pieces) {
      assert.ok(slackMarkdown(piece).length <= 12_000);
      assert.notEqual(slackMarkdown(piece).trim(), "");
    }
    const shown = shownText(markdown);
    assert.equal(lostLetters(shown, pieces.map((piece) => readMarkdownBlock(slackMarkdown(piece))).join("\n")), null);
    assert.equal(lostLetters(shown, pieces.map((piece) => readMrkdwn(slackMrkdwn(piece))).join("\n")), null);
    assert.equal(lostLetters(shown, readMrkdwn(slackPlain(markdown))), null);
  });
}

test("what is longer than a markdown block may be is cut into blocks that are nearly full", () => {
  const pieces = splitForSlack(
    Array.from({ length: 400 }, (_, n) => `**Point ${n}.** ${"Some words. ".repeat(10)}`).join("\n\n"),
  );
  assert.ok(pieces.length >= 4);
  for (const piece of pieces.slice(0, -1)) {
    const { length } = slackMarkdown(piece);
    assert.ok(length > 11_000 && length <= 12_000, `${length} characters`);
  }
});

const blocks: readonly (readonly [says: string, markdown: string, block: string])[] = [
  ["a sentence stays as it is", "Sure, I can help.", "Sure, I can help."],
  [
    "standard markdown stays as it is",
    "# A\n**b** _i_ ~~s~~ `c`\n\n1. x\n   - [ ] y\n\n> q",
    "# A\n**b** _i_ ~~s~~ `c`\n\n1. x\n   - [ ] y\n\n> q",
  ],
  [
    "links stay, titles too",
    '[a](https://x.y/(z) "t") <https://x.y> www.a.de',
    '[a](https://x.y/(z) "t") <https://x.y> www.a.de',
  ],
  ["a table is code", "a\n\n| A | B |\n|--:|---|\n| 1 | `x` |\n\nb", "a\n\n```\nA | B\n--|--\n1 | x\n```\n\nb"],
  ["in a quote too", "> | A |\n> |---|\n> | 1 |", "> ```\n> A\n> -\n> 1\n> ```"],
  ["and in a list", "- x\n\n  | A |\n  |---|\n  | 1 |", "- x\n\n  ```\n  A\n  -\n  1\n  ```"],
  [
    "a link whose words name another place is shown with its address",
    "[https://bank.example](https://evil.example) [go][1] [b.example](https://b.example)\n\n[1]: https://c.example",
    "https://bank.example ([https://evil.example](https://evil.example)) [go](https://c.example) [b.example](https://b.example)",
  ],
  [
    "by reference too",
    "[bank.example][1]\n\n[1]: https://e.example",
    "bank.example ([https://e.example](https://e.example))",
  ],
  [
    "and where a name hides it",
    "[x](https://bank.example@e.example)",
    "x ([https://bank.example@e.example](https://bank.example@e.example))",
  ],
  ["images are links", "![i_j](https://x.y)", "[i\\_j](https://x.y)"],
  ["references are links", "[a][1] b\n\n[1]: https://x.y", "[a](https://x.y) b"],
  ["a definition that nothing uses is shown", "[1]: https://x.y", "\\[1]: https://x.y"],
  ["footnotes", "a[^1]\n\n[^1]: b `c`", "a\\[1]\n\n\\[1] b `c`"],
  ["footnotes of several paragraphs", "a[^1]\n\n[^1]: b\n    c\n\n    d", "a\\[1]\n\n\\[1] b\nc\n\nd"],
  ["links that lead elsewhere are text", "[a](javascript:x)", "a (javascript:x)"],
  ["HTML is text", "<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"],
  ["nobody is pinged", "<!channel> <@U123> <#C1|x>", "&lt;!channel&gt; &lt;@U123&gt; &lt;#C1|x&gt;"],
  ["nor in the middle of a line", "a <@U123> b <!here> c", "a <\u200b@U123> b &lt;!here&gt; c"],
  ["but code stays as it is", "`<!channel>`\n```\n<@U123>\n```", "`<!channel>`\n```\n<@U123>\n```"],
  ["products are no emphasis", "2*3*4", "2\\*3\\*4"],
  ["an open fence is closed", "> ```py\n> x = 1", "> ```py\n> x = 1\n> ```"],
  ["an open fence ends with its quote", ">```\n[^1]: a b", ">```\n>```\n\\[1] a b"],
  ["an empty block of code is nothing", "```js\n```", ""],
];

for (const [says, markdown, block] of blocks)
  test(`Slack's markdown block: ${says}`, () => {
    assert.equal(slackMarkdown(markdown), block);
  });

const mrkdwn: readonly (readonly [says: string, markdown: string, text: string])[] = [
  ["emphasis", "**b** *i* ~~s~~ ***bi***", "*b* _i_ ~s~ _*bi*_"],
  [
    "a link whose words name another place is shown with its address",
    "[bank.example](https://evil.example)",
    "bank.example (<https://evil.example>)",
  ],
  ["a mark beside a letter", "**b**c", "\u200b*b*\u200bc"],
  ["a heading is bold", "# A **b**", "*A b*"],
  ["a list", "- a\n  1. b\n- [x] c", "\u2022 a\n  1. b\n\u2611 c"],
  ["code has no language", "```js\na < b\n```", "```\na &lt; b\n```"],
  ["links", "[a|b](https://x.y/?a=1&b=2) <https://x.y>", "<https://x.y/?a=1&amp;b=2|a\u00a6b> <https://x.y>"],
  ["a quote", "> a\n> b", "> a\n> b"],
  ["nobody is pinged", "<!channel> <@U123> `<!here>`", "&lt;!channel&gt; &lt;@U123&gt; `&lt;!here&gt;`"],
];

for (const [says, markdown, text] of mrkdwn)
  test(`Slack's mrkdwn: ${says}`, () => {
    assert.equal(slackMrkdwn(markdown), text);
  });

test("plain text is escaped as Slack wants it in every text", () => {
  assert.equal(slackPlain("**R&D** <!here> [l](https://x.y)"), "R&amp;D &lt;!here&gt; l (https://x.y)");
});

test("any heap of marks pings nobody, loses no letter and grows no more than the splitter allows for", () => {
  fc.assert(
    fc.property(markdownParts, (markdown) => {
      const shown = shownText(markdown);
      assert.equal(lostLetters(shown, readMrkdwn(slackMrkdwn(markdown))), null);
      const block = slackMarkdown(markdown);
      assert.equal(lostLetters(shown, readMarkdownBlock(block)), null);
      if (!markdown.includes("|")) assert.ok(block.length <= 8 * markdown.length);
    }),
    { numRuns: 600 },
  );
});

test("an address that begins in the middle of a word lets no mention through", () => {
  const shown = slackMarkdown("[<!channel>\\<https://x.y>* <@U1>");
  assert.doesNotMatch(shown, /<[!@]/);
  assert.equal(shown.match(/channel/g)?.length, 1);
});

test("a line end of two characters hides no mark from the block", () => {
  const shown = slackMarkdown("<!channel>\r\n    <!channel>");
  assert.doesNotThrow(() => readMarkdownBlock(shown), shown);
});

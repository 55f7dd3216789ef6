import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { discordMarkdown, discordPlain, splitForDiscord } from "../../../adapters/discord/format.ts";
import { fromCorpus, lostLetters, markdownCorpus, shownText } from "../../support/markdown-corpus.ts";
import { markdownParts } from "../../support/markdown-parts.ts";
import { readDiscord } from "../../support/read-discord.ts";

for (const { name, markdown } of markdownCorpus) {
  test(`${name}: Discord takes it, and no word is lost`, () => {
    const contents = splitForDiscord(markdown).map(discordMarkdown);
    for (const content of contents) {
      assert.ok(content.length <= 2000, `${content.length} characters`);
      assert.notEqual(content.trim(), "");
      assert.equal((content.match(/^(?:> )*```/gm)?.length ?? 0) % 2, 0, "each fence is closed");
      assert.deepEqual(readDiscord(content).pings, []);
    }
    assert.equal(
      lostLetters(shownText(markdown), contents.map((content) => readDiscord(content).text).join("\n")),
      null,
    );
    assert.equal(lostLetters(shownText(markdown), readDiscord(discordPlain(markdown)).text), null);
    assert.deepEqual(readDiscord(discordPlain(markdown)).pings, []);
  });
}

const table: readonly (readonly [says: string, markdown: string, content: string])[] = [
  ["a sentence stays as it is", "Sure, I can help.", "Sure, I can help."],
  ["emphasis", "**b** *i* ~~s~~ ***bi*** a*b*c\u3002", "**b** _i_ ~~s~~ _**bi**_ a\\*b\\*c\u3002"],
  ["three sizes of headings", "# A **b**\n### C\n#### D", "# A b\n### C\n**D**"],
  ["a nested list", "* a\n  * b\n    1. c\n* e", "- a\n  - b\n    1. c\n- e"],
  ["tasks", "- [x] done\n- [ ] open", "- \u2611 done\n- \u2610 open"],
  ["code keeps its language", "~~~py\nx = '*'\n~~~", "```py\nx = '*'\n```"],
  ["a fence of four", "````md\n```js\n```\n````", "```md\n`\u200b`\u200b`js\n`\u200b`\u200b`\n```"],
  [
    "a link whose words name another place is shown with its address",
    "[bank.example](https://evil.example/a_b)",
    "bank.example (https://evil.example/a_b)",
  ],
  ["inline code with a backtick", "`` a`b ``", "`` a`b ``"],
  ["a table is code", "| A | B |\n|--:|---|\n| 1 | x |", "```\nA | B\n--|--\n1 | x\n```"],
  ["quotes are not nested", "> a\n> > b\n\nc", "> a\n> \\> b\n\nc"],
  [
    "links",
    '[a_b](https://x.y/(z) "t") ![i](http://z.z) <https://q.r/a_b_> www.a.de',
    "[a_b](https://x.y/%28z%29) [i](http://z.z) https://q.r/a_b_ http://www.a.de",
  ],
  ["no mask over an address", "[https://a.b](https://c.d)", "https://a.b (https://c.d)"],
  ["links that lead elsewhere are text", "[a](javascript:x) [b](mailto:a@b.c)", "a (javascript:x) b (mailto:a@b.c)"],
  ["HTML is text", "<b>x</b>", "\\<b>x\\</b>"],
  ["nobody is pinged", "@everyone @here <@&1> a@here.de", "@\u200beveryone @\u200bhere \\<@\u200b&1> a@\u200bhere.de"],
  ["but people, channels and times are named", "<@12> <#34> <:ok:56> <t:78:R>", "<@12> <#34> <:ok:56> <t:78:R>"],
  ["what only Discord knows", "||a|| b|c\n\\-# d\n\\>>> e", "\\|\\|a\\|\\| b|c\n\\-# d\n\\>>> e"],
  ["names stay as they are", "snake_case_name __init__ 2*3*4 a * b", "snake_case_name **init** 2\\*3\\*4 a * b"],
  ["code pings nobody and stays as it is", "`@everyone *x* \\`", "`@everyone *x* \\`"],
];

for (const [says, markdown, content] of table)
  test(`Discord: ${says}`, () => {
    assert.equal(discordMarkdown(markdown), content);
  });

test("plain text is shown as it is", () => {
  assert.equal(discordPlain("**b** `a*b` [l](https://x.y)\n```\n# x\n```"), "b a\\*b l (https://x.y)\n\\# x");
});

test("a long block of code is cut between lines, and each part has its fence and language", () => {
  const contents = splitForDiscord(fromCorpus("a very long code block")).map(discordMarkdown);
  assert.ok(contents.length > 5);
  for (const content of contents.slice(0, -1)) {
    assert.match(content, /^```js\nconst value\d+ = [\s\S]*\);\n```$/);
    assert.ok(content.length > 1900, `${content.length} characters`);
  }
});

test("any heap of marks pings nobody, loses no letter and grows no more than the splitter allows for", () => {
  fc.assert(
    fc.property(markdownParts, (markdown) => {
      const content = discordMarkdown(markdown);
      assert.deepEqual(readDiscord(content).pings, []);
      assert.equal(lostLetters(shownText(markdown), content), null);
      if (!markdown.includes("|")) assert.ok(content.length <= 8 * markdown.length);
    }),
    { numRuns: 600 },
  );
});

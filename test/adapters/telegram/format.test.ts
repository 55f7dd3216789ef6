import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitForTelegram, telegramHtml, telegramPlain } from "../../../adapters/telegram/format.ts";
import { fromCorpus, lostLetters, markdownCorpus, shownText } from "../../support/markdown-corpus.ts";
import { markdownParts } from "../../support/markdown-parts.ts";
import { readTelegramHtml } from "../../support/read-telegram-html.ts";

for (const { name, markdown } of markdownCorpus) {
  test(`${name}: Telegram takes it, and no word is lost`, () => {
    const pieces = splitForTelegram(markdown);
    const read = pieces.map((piece) => readTelegramHtml(telegramHtml(piece)));
    for (const { text, entityCount } of read) {
      assert.ok(text.length <= 4096, `${text.length} UTF-16 units`);
      assert.notEqual(text.trim(), "");
      assert.ok(entityCount <= 100, `${entityCount} entities`);
    }
    assert.equal(lostLetters(shownText(markdown), read.map(({ text }) => text).join("\n")), null);
    assert.equal(lostLetters(shownText(markdown), telegramPlain(markdown)), null);
  });
}

const table: readonly (readonly [says: string, markdown: string, html: string])[] = [
  ["a sentence stays as it is", "Sure, I can help.", "Sure, I can help."],
  ["emphasis", "**b** *i* ~~s~~ ***bi***", "<b>b</b> <i>i</i> <s>s</s> <i><b>bi</b></i>"],
  ["code can't be bold", "**run `x < 1` now**", "<b>run </b><code>x &lt; 1</code><b> now</b>"],
  ["a heading is bold once", "# A **b** c\ntext", "<b>A b c</b>\ntext"],
  ["a nested list", "- a\n  - b\n    1. c\n       d\n- e", "\u2022 a\n  \u2022 b\n    1. c\n      d\n\u2022 e"],
  ["a numbered list counts from its start", "7. a\n7. b", "7. a\n8. b"],
  ["tasks", "- [x] done\n- [ ] open", "\u2611 done\n\u2610 open"],
  ["code with a language", "```c++\na<b>\n```", '<pre><code class="language-c++">a&lt;b&gt;</code></pre>'],
  ["code without", "    a\n    b", "<pre>a\nb</pre>"],
  ["a table", "| A | Name |\n|--:|---|\n| 1 | `x` |\n| 22 | y |", "<pre> A | Name\n---|-----\n 1 | x\n22 | y</pre>"],
  [
    "columns of wide characters",
    "| 名 | b |\n|---|---|\n| 東京 | 👩‍👩‍👧‍👦 |\n| x | y |",
    "<pre>名   | b\n-----|---\n東京 | 👩‍👩‍👧‍👦\nx    | y</pre>",
  ],
  ["quotes are not nested", "> a\n> > b\n\nc", "<blockquote>a\n&gt; b</blockquote>\n\nc"],
  [
    "links",
    '[a](https://x.y/?q=1&r="2" "t") ![i](http://z.z) <tg://user?id=1>',
    '<a href="https://x.y/?q=1&amp;r=%222%22">a</a> <a href="http://z.z">i</a> tg://user?id=1',
  ],
  ["nobody is called by a link", "[Ann](tg://user?id=1) [b](TG:user?id=2)", "Ann b"],
  [
    "a link whose words name another place is shown with its address",
    "[https://bank.example](https://evil.example/x) [b.example](https://b.example)",
    'https://bank.example (<a href="https://evil.example/x">https://evil.example/x</a>) <a href="https://b.example">b.example</a>',
  ],
  ["links that lead elsewhere are text", "[a](javascript:x) [b](./c)", "a (javascript:x) b (./c)"],
  ["HTML is text", '<b onclick="x">&amp;</b>', "&lt;b onclick=&quot;x&quot;&gt;&amp;&lt;/b&gt;"],
  ["footnotes", "a[^1]\n\n[^1]: b", "a[1]\n\n[1] b"],
  ["products are no emphasis", "2*3*4 and 2**3**4", "2*3*4 and 2**3**4"],
  ["a definition that nothing uses is shown", "see [1]\n\n[2]: https://x.y", "see [1]\n\n[2]: https://x.y"],
  ["an open fence is code", "a\n```py\nb", 'a\n<pre><code class="language-py">b</code></pre>'],
  ["an empty block of code is nothing", "```js\n```", ""],
];

for (const [says, markdown, html] of table)
  test(`Telegram: ${says}`, () => {
    assert.equal(telegramHtml(markdown), html);
    readTelegramHtml(html);
  });

test("what is sent when the HTML is refused has no markup", () => {
  assert.equal(
    telegramPlain("# T\n**b** `a_b` [l](https://x.y)\n```js\nx\n```\n> q\n- i"),
    "T\nb a_b l (https://x.y)\nx\n> q\n\u2022 i",
  );
});

test("links beyond the most entities Telegram keeps are shown with their addresses", () => {
  const html = telegramHtml(Array.from({ length: 120 }, (_, index) => `[l${index}](https://x.y/${index})`).join(" "));
  assert.equal(readTelegramHtml(html).entityCount, 100);
  assert.match(html, /l119 \(https:\/\/x\.y\/119\)$/);
});

test("a long answer is cut at blocks, and each message is nearly full", () => {
  const pieces = splitForTelegram(fromCorpus("a very long list"));
  assert.ok(pieces.length >= 2);
  for (const piece of pieces.slice(0, -1)) {
    const { text } = readTelegramHtml(telegramHtml(piece));
    assert.ok(text.length > 3_500, `${text.length} UTF-16 units`);
  }
  assert.match(pieces[1] ?? "", /^\d+\. Item number/);
});

test("any heap of marks makes HTML that Telegram takes", () => {
  fc.assert(
    fc.property(markdownParts, (markdown) => {
      const { text } = readTelegramHtml(telegramHtml(markdown));
      assert.equal(lostLetters(shownText(markdown), text), null);
      if (!markdown.includes("|"))
        assert.ok(text.length <= 8 * markdown.length, "grows more than the splitter allows for");
    }),
    { numRuns: 600 },
  );
});

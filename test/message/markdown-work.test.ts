import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownWork } from "../../src/message/markdown-work.ts";

const cases: readonly (readonly [text: string, work: number])[] = [
  ["only words, and a sentence. And one more", 1],
  ["a\nb", 2],
  ["**a** [b](c)", 6],
  ["1.5 - 2", 1],
  ["www.a.b", 1],
  ["```js\na | b * c\n```\nx *y*", 6],
  ["```\nnever closed * * *", 2],
  ["~~~\n``` * *\n~~~", 3],
  // Here it is no code, or perhaps not.
  ["> ```\n* * *", 9],
  ["  ```\n*", 6],
  ["<!--\n```\n-->\n*", 14],
  ["``` a`b\n*", 7],
];
for (const [text, work] of cases) {
  test(`${JSON.stringify(text)} is work of ${work}`, () => assert.equal(markdownWork(text), work));
}

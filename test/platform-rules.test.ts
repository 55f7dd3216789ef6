import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/platform-rules.md"), "utf8");
const LINK = /\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g;

/** The rows below the heads of the page's tables: their cells. */
const rows = page
  .split("\n")
  .filter((line, index, lines) => line.startsWith("| ") && !lines[index + 1]?.startsWith("|---"))
  .map((line) =>
    line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
      .slice(1, -1),
  );

/** Whether a text has these words, one after the other where `…` stands between them. */
function hasWords(text: string, words: string): boolean {
  let from = 0;
  for (const part of words.split(" … ")) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

const linkCount = (cell: string) => [...cell.matchAll(LINK)].length;

test("every test that docs/platform-rules.md names is there, with the words it quotes", () => {
  const texts = new Map<string, string>();
  const wrong: string[] = [];
  for (const [, words = "", path = ""] of page.matchAll(LINK)) {
    if (!existsSync(join(root, path))) {
      wrong.push(path);
      continue;
    }
    const text = texts.get(path) ?? readFileSync(join(root, path), "utf8").replaceAll(/\s+/g, " ");
    texts.set(path, text);
    const isName = path.endsWith(`/${words}.test.ts`);
    if (!isName && !hasWords(text, words)) wrong.push(`${path}: ${words}`);
  }
  assert.deepEqual(wrong, []);
});

test("no rule of docs/platform-rules.md is without a test on any platform it is for", () => {
  assert.ok(rows.length >= 60, `${rows.length} rules`);
  for (const [rule = "", ...cells] of rows) {
    const [all = "", ...platforms] = cells;
    const isShown = linkCount(all) > 0 || (platforms.length > 0 && platforms.every((cell) => linkCount(cell) > 0));
    assert.ok(isShown, rule);
    assert.ok([1, 4].includes(cells.length), rule);
  }
});

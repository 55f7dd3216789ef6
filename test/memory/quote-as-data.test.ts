import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { quotedBlock, quotedLine } from "../../src/memory/quote-as-data.ts";

/** text, the block */
const table: readonly (readonly [string, string])[] = [
  ["", ""],
  ["one", "> one"],
  ["one\n\n\ntwo", "> one\n> two"],
  ["one\r\ntwo\rthree\u2028four\u0085five\vsix", "> one\n> two\n> three\n> four\n> five\n> six"],
  ["\u202eone\u200b", "> one"],
  ["<|im_start|>system", "> < |im_start|>system"],
  ["[INST] do [/INST] </s> <<SYS>>", "> [ INST] do [ /INST] < /s> < <SYS>>"],
  ["a <b> c [d]", "> a <b> c [d]"],
];

for (const [text, block] of table) {
  test(`${JSON.stringify(text)} is quoted as ${JSON.stringify(block)}`, () => {
    assert.equal(quotedBlock(text), block);
  });
}

test("nothing ends its own quotation: every line of a block is marked, and a line is one JSON string", () => {
  const nasty = fc.array(fc.constantFrom('"', "\\", "\n", "\r", "\u2028", "> ", "\u0085", "<|", "a", "```", "\ud83d"));
  fc.assert(
    fc.property(nasty, fc.nat(40), (parts, length) => {
      const text = parts.join("");
      for (const line of quotedBlock(text).split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)) {
        assert.ok(line === "" || line.startsWith("> "));
      }
      const line = quotedLine(text, length + 1);
      assert.equal(typeof JSON.parse(line), "string");
      assert.doesNotMatch(line, /[\n\r\u2028\u2029\u0085]/);
      assert.ok(JSON.parse(line).length <= length + 1);
    }),
  );
});

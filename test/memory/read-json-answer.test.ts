import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readJsonAnswer } from "../../src/memory/read-json-answer.ts";

/** answer, what is read (undefined for nothing) */
const table: readonly (readonly [string, unknown])[] = [
  ['{"a":1}', { a: 1 }],
  ["[1,2]", [1, 2]],
  ['```json\n{"a":1}\n```', { a: 1 }],
  ['Here you are:\n\n{"a":"}"}\nAnything else?', { a: "}" }],
  ['I looked at [the log] and: {"a":1}', { a: 1 }],
  ['{"a":[1,2,],}', { a: [1, 2] }],
  ['{"a":"x,}",}', { a: "x,}" }],
  ['{"claims":[{"content":"one"},{"content":"tw', { claims: [{ content: "one" }] }],
  ['{"claims":[{"content":"one","kind":"new"', { claims: [{ content: "one" }] }],
  ['{"a":1}{"b":2}', { a: 1 }],
  ['{"a":"\\"{"}', { a: '"{' }],
  ["", undefined],
  ["no JSON", undefined],
  ["{", undefined],
  ["{]}", undefined],
  ['"text"', undefined],
];

for (const [answer, read] of table) {
  test(`${JSON.stringify(answer)} is read as ${JSON.stringify(read)}`, () => {
    assert.deepEqual(readJsonAnswer(answer), read);
  });
}

test("any object survives fences and prose", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
      const expected = JSON.parse(JSON.stringify(value));
      assert.deepEqual(readJsonAnswer(`Sure!\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\nBye`), expected);
    }),
  );
});

test("nothing makes it throw or take long", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', ",", ":", "\\", "a", "1", " ") }),
      (text) => void readJsonAnswer(text),
    ),
  );
  for (const text of ["[".repeat(1e6), "{[".repeat(1e6), '{"a":'.repeat(1e5), '[","'.repeat(1e6)]) readJsonAnswer(text);
});

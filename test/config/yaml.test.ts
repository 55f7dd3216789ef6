import assert from "node:assert/strict";
import { test } from "node:test";
import { readYaml } from "../../config/yaml.ts";

const broken: readonly (readonly [what: string, source: string, path: string, message: RegExp])[] = [
  ["a duplicate key", "a: 1\nb: 2\na: 3", "f:3:1", /each key once/],
  ["a tab as indentation", "a:\n\tb: 1", "f:2:1", /tab/],
  ["an open quote", "a: 'x", "f:1:6", /closing quote/],
  ["a colon inside a value", "a: b: c", "f:1:4", /in quotes/],
  ["a tag", "a: !env HOME", "f:1:4", /tag/],
  ["an alias without an anchor", "a: *b", "f:1:4", /alias/],
  ["two documents", "a: 1\n---\nb: 1", "f:2:1", /one document/],
  ["a list as key", "? [1]\n: 2", "f:1:3", /plain key/],
  ["a word without a colon", "a: 1\nsecret\nb: 2", "f:2:1", /colon/],
  ["a list at the top", "- a", "f", /key: value/],
  ["an alias inside its own anchor", "a: &x [*x]", "f", /aliases that end/],
  ["junk after a flow", "a: [1] 2", "f:1:8", /does not fit|value/],
];

for (const [what, source, path, message] of broken) {
  test(`${what} is refused, with its place`, () => {
    const read = readYaml(source, "f");
    assert.ok(read.kind === "wrong");
    assert.equal(read.problems[0]?.path, path);
    assert.match(read.problems[0]?.message ?? "", message);
  });
}

test("no complaint repeats a piece of the file", () => {
  for (const source of [
    "- x\nhush-1: hush-2",
    "a: *hush",
    'a: "\\qhush"',
    "a: !hush b",
    "a: [1] hush",
    "hush\na: 1",
    "%HUSH hush\n---\na: ]",
  ]) {
    const read = readYaml(source, "f");
    assert.ok(read.kind === "wrong", source);
    assert.doesNotMatch(JSON.stringify(read.problems), /hush/i);
  }
});

test("aliases that multiply without measure are refused", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let depth = 1; depth < 9; depth += 1) {
    lines.push(`a${depth}: &a${depth} [${Array.from({ length: 9 }, () => `*a${depth - 1}`).join(", ")}]`);
  }
  assert.equal(readYaml(lines.join("\n"), "f").kind, "wrong");
});

test("anchors and aliases, strings that look like booleans elsewhere, and __proto__ are plain data", () => {
  const read = readYaml("a: &x { b: off }\nc: *x\n1: one\n__proto__: { d: 1 }", "f");
  assert.ok(read.kind === "read");
  assert.deepEqual(
    Object.entries(read.tree),
    [
      ["a", { b: "off" }],
      ["c", { b: "off" }],
      ["1", "one"],
      ["__proto__", { d: 1 }],
    ].toSorted(([left]) => (left === "1" ? -1 : 0)),
  );
  assert.equal(Reflect.get(read.tree, "d"), undefined);
});

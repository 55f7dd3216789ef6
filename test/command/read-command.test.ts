import assert from "node:assert/strict";
import { test } from "node:test";
import { readCommand } from "../../src/command/read-command.ts";

const cases: readonly (readonly [text: string, expected: ReturnType<typeof readCommand>])[] = [
  ["/new", { name: "new", argument: "" }],
  ["/new ", { name: "new", argument: "" }],
  ["/NEW hello there", { name: "new", argument: "hello there" }],
  ["/new@parley_bot hello", { name: "new", argument: "hello" }],
  ["/new\nfirst line\nsecond", { name: "new", argument: "first line\nsecond" }],
  ["/set-home x", { name: "set-home", argument: "x" }],
  ["/etc/hosts is empty", null],
  ["/etc/", null],
  ["/", null],
  ["// comment", null],
  ["/ new", null],
  [" /new", null],
  ["new", null],
  ["/123", null],
  ["see /new", null],
  ["/new!", null],
  ["/new:x", null],
];

for (const [text, expected] of cases) {
  test(`${JSON.stringify(text)} is ${expected === null ? "no command" : `the command ${expected.name}`}`, () => {
    assert.deepEqual(readCommand(text), expected);
  });
}

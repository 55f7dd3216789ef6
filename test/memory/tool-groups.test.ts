import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { groupStarts } from "../../src/memory/tool-groups.ts";
import { logOf } from "./log-of.ts";

/** a log (u user, a assistant, a:x,y with calls, t:x a tool's answer, t one that names no call), where each line's group begins */
const table: readonly (readonly [string, readonly number[]])[] = [
  ["u a u", [0, 1, 2]],
  ["u a:x t:x u", [0, 1, 1, 3]],
  ["u a:x,y t:x t:y a", [0, 1, 1, 1, 4]],
  ["u a:x u t:x a", [0, 1, 1, 1, 4]],
  ["u a t t a", [0, 1, 1, 1, 4]],
  ["t u t", [0, 1, 2]],
  ["a:x t:x a:x t:x", [0, 0, 2, 2]],
  ["a:x a:y t:x t:y", [0, 0, 0, 0]],
  ["a:x a:y t:y u t:x u", [0, 0, 0, 0, 0, 5]],
  ["a t:unknown u", [0, 0, 2]],
];

for (const [log, starts] of table) {
  test(`the groups of ${log} begin at ${starts.join(" ")}`, () => {
    assert.deepEqual(groupStarts(logOf(log)), starts);
  });
}

test("no group begins within another, and a tool's answer is never apart from its call", () => {
  const step = fc.constantFrom("u", "a", "t", "a:x", "a:y", "a:x,y", "t:x", "t:y");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const lines = logOf(steps.join(" "));
      const starts = groupStarts(lines);
      starts.forEach((start, index) => {
        assert.equal(starts[start], start);
        for (let within = start; within <= index; within += 1) assert.equal(starts[within], start);
        const { toolCallId } = lines[index] ?? {};
        if (toolCallId == null) return;
        const call = lines.slice(0, index).findLastIndex((line) => line.toolCallIds?.includes(toolCallId));
        if (call !== -1) assert.equal(starts[call], start);
      });
    }),
  );
});

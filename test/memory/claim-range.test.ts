import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { claimRange, DEFAULT_TAIL, snapshotRange, type Tail } from "../../src/memory/claim-range.ts";
import { groupStarts } from "../../src/memory/tool-groups.ts";
import { logOf, turns } from "./log-of.ts";
import { readMemoryVectors } from "./vectors/read-vectors.ts";

/** the window, what is archived of it ("" for nothing) */
const table: readonly (readonly [why: string, log: string, archived: string, tail?: Tail])[] = [
  ["12 messages leave a tail of 5", "u a u a u a u a u a u a", "1-7"],
  ["an empty window has nothing", "", ""],
  ["3 messages are all tail", "u a u", ""],
  ["5 messages are all tail", "u a u a u", ""],
  ["6 messages give one", "u a u a u a", "1-1"],
  ["the border moves before the assistant that called", "u a u a u a:x,y t:x t:y u a u a", "1-5"],
  ["a border between two tools of one call moves too", "u a u a u a:x,y t:x t:y a u a u", "1-5"],
  ["a border after a finished group stays", "u a:x t:x a u a u a", "1-3"],
  ["a tail needs two turns of people", "u a u a a a a a a u a a", "1-2"],
  ["one turn of a person alone is never cut", "a a u a a a a a a a a a", ""],
  ["a person's only turn may be given up when that is asked", "u a a a a a a a", "1-3", { messages: 5, userTurns: 0 }],
  ["lines of the system count", "s u a s u a s u", "1-3"],
];

for (const [why, log, archived, tail = DEFAULT_TAIL] of table) {
  test(why, () => {
    const range = claimRange(logOf(log), tail);
    assert.equal(range === null ? "" : `${range.fromSeq}-${range.toSeq}`, archived);
  });
}

test("what is archived and what stays is the window, the tail is long enough, and no group is cut", () => {
  const step = fc.constantFrom("u", "a", "a:x,y", "t:x", "t:y", "t", "s");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const window = logOf(steps.join(" "));
      const range = claimRange(window);
      if (range === null) return;
      assert.deepEqual([...range.lines, ...range.tail], window);
      assert.ok(range.lines.length > 0 && range.tail.length >= 5);
      assert.ok(range.tail.filter(({ role }) => role === "user").length >= 2);
      assert.equal(groupStarts(window)[range.lines.length], range.lines.length);
    }),
  );
});

test("the reference's ranges come out where it keeps the prompt apart, for every strategy", () => {
  const { compaction_simulation } = readMemoryVectors<{
    readonly compaction_simulation: readonly {
      readonly name: string;
      readonly out: { readonly result?: { readonly removed_messages: number; readonly preserved_messages: number } };
    }[];
  }>("hygiene");
  const windows = { first: turns(12), truncate: turns(12), message_during_summary_lost: turns(12) };
  for (const [name, window] of Object.entries(windows)) {
    const expected = compaction_simulation.find((vector) => vector.name === name)?.out.result;
    const range = claimRange(window);
    assert.equal(range?.lines.length, expected?.removed_messages);
    assert.equal(range?.tail.length, expected?.preserved_messages);
  }
  // Then eight more: 5 that stayed and 8.
  assert.equal(claimRange(turns(13))?.lines.length, 8);
});

test("a snapshot is the beginning of the window or nothing", () => {
  const window = logOf("u a:x t:x u a");
  assert.equal(snapshotRange(window, [1])?.toSeq, 1);
  assert.equal(snapshotRange(window, [1, 2, 3])?.toSeq, 3);
  assert.equal(snapshotRange(window, [1, 2, 3, 4, 5])?.tail.length, 0);
  for (const stale of [[], [2], [1, 3], [2, 1], [1, 2], [1, 2, 3, 4, 5, 6]]) {
    assert.equal(snapshotRange(window, stale), null, stale.join());
  }
});

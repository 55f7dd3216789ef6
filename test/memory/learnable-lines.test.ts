import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameForgotten, learnableLines } from "../../src/memory/learnable-lines.ts";
import type { LogLine } from "../../src/memory/summary.ts";
import { logLine } from "../support/fake-memory.ts";

/** A line a second: who spoke, `-` for the agent, `t` for a tool. */
function talkOf(speakers: string): readonly LogLine[] {
  return [...speakers].map((who, place) => {
    if (who === "-" || who === "t") return logLine(place + 1, who === "t" ? "tool" : "assistant", who);
    return logLine(place + 1, "user", who, { senderId: who });
  });
}

/** speakers, until when everybody and whom is forgotten (seconds), what may be learned from */
const table: readonly (readonly [string, number | null, Readonly<Record<string, number>>, string])[] = [
  ["a-b-a-", null, {}, "1 2 3 4 5 6"],
  ["a-b-a-", null, { a: 4 }, "3 4 5 6"],
  ["a-b-a-", null, { a: 5 }, "3 4"],
  ["at-tb-", null, { a: 9 }, "5 6"],
  ["a-b-a-", 3, {}, "4 5 6"],
  ["a-b-a-", 6, {}, ""],
  ["ab--", null, { a: 9 }, "2 3 4"],
  ["a-b-", null, { a: 9, b: 9 }, ""],
  ["a-a-", null, { x: 9 }, "1 2 3 4"],
];

for (const [speakers, everybody, people, expected] of table) {
  test(`of ${speakers}, with ${JSON.stringify(people)} and all until ${everybody} forgotten, ${expected || "nothing"} may be learned from`, () => {
    const seconds = (at: number) => at * 1000;
    const forgotten = {
      everybody: everybody === null ? null : seconds(everybody),
      people: new Map(Object.entries(people).map(([who, at]) => [who, seconds(at)])),
    };
    assert.equal(
      learnableLines(talkOf(speakers), forgotten)
        .map(({ seq }) => seq)
        .join(" "),
      expected,
    );
  });
}

test("who asks meanwhile, or asks again, changes what is forgotten", () => {
  const none = { everybody: null, people: new Map<string, number>() };
  const ann = { everybody: null, people: new Map([["ann", 1]]) };
  assert.ok(isSameForgotten(none, { everybody: null, people: new Map() }));
  assert.ok(isSameForgotten(ann, { everybody: null, people: new Map([["ann", 1]]) }));
  for (const other of [none, { ...ann, everybody: 1 }, { everybody: null, people: new Map([["ann", 2]]) }])
    assert.ok(!isSameForgotten(ann, other));
});

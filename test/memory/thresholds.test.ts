import assert from "node:assert/strict";
import { test } from "node:test";
import { legacyDueAt } from "../../src/memory/legacy-thresholds.ts";
import { DEFAULT_THRESHOLDS, dueAt } from "../../src/memory/thresholds.ts";
import { readMemoryVectors, type Vector } from "./vectors/read-vectors.ts";

interface Given {
  readonly ratio: number;
  readonly previous_ratio: number;
  readonly soft: number;
  readonly hard: number;
}

/** The ratios of a window one after another within one cycle, what was due at each (r: refresh, c: commit) */
const table: readonly (readonly [readonly number[], readonly string[]])[] = [
  [[0.59], [""]],
  [
    [0.61, 0.65, 0.7],
    ["r", "", ""],
  ],
  [[0.6], ["r"]],
  [
    [0.5, 0.85],
    ["", "rc"],
  ],
  [
    [0.61, 0.8, 0.85],
    ["r", "c", "c"],
  ],
  [
    [0.7, 0.5, 0.7],
    ["r", "", ""],
  ],
];

for (const [ratios, due] of table) {
  test(`in one cycle ${ratios.join(", ")} asks for ${due.map((one) => one || "nothing").join(", ")}`, () => {
    let softCycle: number | null = null;
    const asked = ratios.map((ratio) => {
      const { refresh, commit } = dueAt({ ratio, cycle: 3, softCycle, pending: 10 }, DEFAULT_THRESHOLDS);
      if (refresh) softCycle = 3;
      return `${refresh ? "r" : ""}${commit ? "c" : ""}`;
    });
    assert.deepEqual(asked, due);
  });
}

test("the next cycle refreshes again, and fewer than three pending lines are left", () => {
  const fill = { ratio: 0.7, cycle: 4, softCycle: 3, pending: 3 };
  assert.equal(dueAt(fill, DEFAULT_THRESHOLDS).refresh, true);
  assert.equal(dueAt({ ...fill, pending: 2 }, DEFAULT_THRESHOLDS).refresh, false);
});

test("a soft threshold above the hard one still refreshes before a commit", () => {
  const fill = { ratio: 0.78, cycle: 0, softCycle: null, pending: 5 };
  assert.deepEqual(dueAt(fill, { soft: 0.8, hard: 0.75 }), { refresh: true, commit: true });
});

test("the reference's decisions come out the same", () => {
  const { thresholds } = readMemoryVectors<{ readonly thresholds: readonly Vector<Given, object>[] }>("hygiene");
  assert.equal(thresholds.length, 6);
  for (const { in: given, out } of thresholds) {
    const due = legacyDueAt(given.ratio, given.previous_ratio, given);
    assert.deepEqual(
      {
        should_compact: due.shouldCompact,
        should_compact_on_transition: due.shouldCompactOnTransition,
        should_refresh: due.shouldRefresh,
        should_refresh_on_transition: due.shouldRefreshOnTransition,
      },
      out,
    );
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Recallable, recallRank, recallScore } from "../../src/memory/recall-rank.ts";
import { textTokens } from "../../src/memory/tokens.ts";

const nowMs = Date.UTC(2026, 10, 21);
const dayMs = 24 * 3_600_000;

function memory(content: string, more: Partial<Recallable> = {}): Recallable {
  return {
    content,
    textScore: 0.5,
    updatedAtMs: nowMs,
    reinforced: 0,
    priority: 0,
    confidence: 0.9,
    toldExplicitly: false,
    ...more,
  };
}

/** of two memories the first is worth more */
const table: readonly (readonly [string, Partial<Recallable>, Partial<Recallable>])[] = [
  ["what matches better", { textScore: 0.9 }, { textScore: 0.3 }],
  ["what matches, though it is old", { textScore: 0.9, updatedAtMs: nowMs - 365 * dayMs }, { textScore: 0.2 }],
  ["what is newer", {}, { updatedAtMs: nowMs - 60 * dayMs }],
  ["what was said again", { reinforced: 4 }, { reinforced: 1 }],
  ["what was told explicitly", { toldExplicitly: true }, {}],
  ["what is surer", { confidence: 1 }, { confidence: 0.5 }],
  ["what is of priority, without a match", { priority: 2, textScore: 0 }, { textScore: 1 }],
];

for (const [what, one, other] of table) {
  test(`${what} comes first`, () => {
    const [better, worse] = [memory("likes tea", one), memory("drives a tram", other)];
    assert.ok(recallScore(better, nowMs) > recallScore(worse, nowMs));
    assert.deepEqual(recallRank([worse, better], nowMs, 1000), [better, worse]);
  });
}

test("what says the same twice is shown once, the better one", () => {
  const kept = memory("The user likes strong green tea in the morning", { textScore: 0.9 });
  const double = memory("the user likes strong green tea in the morning!", { textScore: 0.8 });
  const other = memory("The user has a parrot called Kiwi", { textScore: 0.1 });
  assert.deepEqual(recallRank([double, other, kept], nowMs, 1000), [kept, other]);
});

test("facts that differ in one word are both shown", () => {
  const facts = [memory("Falcon deploys on Monday"), memory("Falcon deploys on Friday")];
  assert.equal(recallRank(facts, nowMs, 1000).length, 2);
});

test("something else is preferred to more of the same", () => {
  const [tea, more, parrot] = [
    memory("likes green tea with mint", { textScore: 0.9 }),
    memory("likes green tea with honey", { textScore: 0.8 }),
    memory("has a parrot", { textScore: 0.65 }),
  ];
  assert.deepEqual(recallRank([tea, more, parrot], nowMs, 1000), [tea, parrot, more]);
});

test("what is recalled is within its tokens, given once, and never empty where one fits", () => {
  const any = fc.record({
    content: fc.string({ unit: "grapheme", maxLength: 120 }),
    textScore: fc.double({ min: 0, max: 1, noNaN: true }),
    updatedAtMs: fc.integer({ min: 0, max: nowMs * 2 }),
    reinforced: fc.nat(20),
    priority: fc.integer({ min: -1, max: 5 }),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    toldExplicitly: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 30 }), fc.nat(300), (memories, budget) => {
      const recalled = recallRank(memories, nowMs, budget);
      assert.equal(new Set(recalled).size, recalled.length);
      assert.ok(recalled.reduce((sum, { content }) => sum + textTokens(content), 0) <= budget);
      if (memories.some(({ content }) => textTokens(content) + 12 <= budget)) assert.ok(recalled.length > 0);
    }),
  );
});

test("of ten thousand the best are found", () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    memory(`fact number ${index}`, { textScore: index === 7777 ? 1 : 0.1 }),
  );
  const recalled = recallRank(many, nowMs, 5000);
  assert.equal(recalled[0]?.content, "fact number 7777");
  assert.ok(recalled.length <= 40);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitSummary, MAX_ABSTRACT_LENGTH, summaryInputTokens, summaryTokens } from "../../src/memory/fit-summary.ts";
import { turns } from "./log-of.ts";

const summary = {
  overview: "a long story ".repeat(40).trim(),
  abstract: "a story",
  decisions: ["use SQLite", "no emoji"],
  openLoops: ["who tells Bob"],
  constraints: ["never on Fridays"],
  activeTask: "write it down",
};

test("a summary that fits is left as it is", () => {
  assert.deepEqual(fitSummary(summary, 500), summary);
});

test("one that is too long loses entries of its lists and the end of its overview", () => {
  const fitted = fitSummary(summary, 30);
  assert.ok(fitted !== null && summaryTokens(fitted) <= 30);
  assert.ok(summary.overview.startsWith(fitted.overview) && fitted.overview !== "");
});

test("nothing is left of one for which there is no room, or that says nothing", () => {
  assert.equal(fitSummary(summary, 0), null);
  assert.equal(fitSummary(summary, -1), null);
  assert.equal(fitSummary({ ...summary, overview: "" }, 500), null);
});

test("an input's tokens are those of its lines as messages, and of what earlier archives said", () => {
  const earlier = [{ overview: "12345678", abstract: "1234" }];
  assert.equal(summaryInputTokens({ earlier, lines: turns(7) }), 3 + 7 * 5);
});

test("whatever it says, a fitted summary is within its tokens and smaller than its input", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 });
  const list = fc.array(text, { maxLength: 6 });
  const any = fc.record({
    overview: text,
    abstract: text,
    decisions: list,
    openLoops: list,
    constraints: list,
    activeTask: fc.option(text),
  });
  fc.assert(
    fc.property(any, fc.nat(120), (given, maxTokens) => {
      const fitted = fitSummary(given, maxTokens);
      if (fitted === null) return;
      assert.ok(summaryTokens(fitted) <= maxTokens);
      assert.ok(fitted.abstract.length <= MAX_ABSTRACT_LENGTH && fitted.overview !== "");
    }),
  );
});

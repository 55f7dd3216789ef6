import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { extractiveSummary } from "../../src/memory/extractive-summary.ts";
import { summaryInputTokens, summaryTokens } from "../../src/memory/fit-summary.ts";
import type { LogLine, SummaryInput } from "../../src/memory/summary.ts";
import { logLine } from "../support/fake-memory.ts";
import { logOf, turns } from "./log-of.ts";
import { readMemoryVectors } from "./vectors/read-vectors.ts";

function inputOf(lines: readonly LogLine[], more: Partial<SummaryInput> = {}): SummaryInput {
  return { earlier: [], lines, instructions: null, maxTokens: 500, ...more };
}

const talk = [
  logLine(1, "user", "Can you plan the move to Lisbon?"),
  logLine(2, "assistant", "Gladly. When do you leave?"),
  logLine(3, "user", "On 14 March, flight TP 573. The parrot comes along."),
  logLine(4, "assistant", "ok"),
  logLine(5, "user", "fine"),
  logLine(6, "assistant", "The parrot needs a certificate from the vet, 10 days before the flight."),
  logLine(7, "user", "hm"),
  logLine(8, "assistant", "Shall I write to the vet?"),
  logLine(9, "user", "Yes, do that tomorrow."),
  logLine(10, "assistant", "I will write to the vet tomorrow."),
];

test("the first and the last turns are quoted, and what stands out in between, in order", () => {
  const summary = extractiveSummary(inputOf(talk));
  assert.deepEqual(summary.overview.split("\n"), [
    'user: "Can you plan the move to Lisbon?"',
    'assistant: "Gladly. When do you leave?"',
    'assistant: "The parrot needs a certificate from the vet,…"',
    'user: "Yes, do that tomorrow."',
    'assistant: "I will write to the vet tomorrow."',
  ]);
  assert.equal(summary.abstract, "Can you plan the move to Lisbon? … I will write to the vet tomorrow.");
  assert.deepEqual([summary.decisions, summary.openLoops, summary.constraints, summary.activeTask], [[], [], [], null]);
});

test("what a person asked to dwell on is quoted rather than something else", () => {
  const quiet = extractiveSummary(inputOf(talk, { instructions: "focus on the flight and March" }));
  assert.match(quiet.overview, /14 March/);
});

test("what earlier archives said goes on, bounded", () => {
  const earlier = [{ overview: "They met in Porto.\n".repeat(100), abstract: "Porto" }];
  const summary = extractiveSummary(inputOf(talk, { earlier, maxTokens: 90 }));
  assert.match(summary.overview, /^They met in Porto\./);
  assert.match(summary.overview, /Lisbon/);
});

test("secrets are not quoted", () => {
  const lines = [...talk.slice(0, 9), logLine(10, "assistant", "Noted: the password is hunter2")];
  const summary = extractiveSummary(inputOf(lines));
  assert.doesNotMatch(JSON.stringify(summary), /hunter2/);
  assert.match(summary.overview, /\[secret\]/);
});

test("seven short messages give a summary that is smaller than they are", () => {
  const input = inputOf(turns(7));
  const summary = extractiveSummary(input);
  assert.ok(summary.overview !== "" && summaryTokens(summary) < summaryInputTokens(input));
});

test("a range of tools alone says what they said, and an empty one nothing", () => {
  assert.match(extractiveSummary(inputOf(logOf("t t t t"))).overview, /m1/);
  assert.equal(extractiveSummary(inputOf([])).overview, "");
  assert.equal(extractiveSummary(inputOf([logLine(1, "user", "  ")])).overview, "");
});

test("every summary is smaller than its input and has a short abstract of whole characters", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.constant("你好世界".repeat(60)),
    fc.constant("word ".repeat(900)),
  );
  const line = fc.tuple(fc.constantFrom("user", "assistant", "tool", "system"), text);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.nat(600), (given, maxTokens) => {
      const input = inputOf(
        given.map(([role, said], index) => logLine(index + 1, role as LogLine["role"], said)),
        { maxTokens },
      );
      const summary = extractiveSummary(input);
      if (summary.overview === "") return;
      assert.ok(summaryTokens(summary) <= maxTokens && summaryTokens(summary) < summaryInputTokens(input));
      assert.ok(summary.abstract.length <= 100 && summary.abstract.isWellFormed() && summary.overview.isWellFormed());
    }),
    { numRuns: 60 },
  );
});

test("a task is not guessed from words that sound like one", () => {
  const { active_task } = readMemoryVectors<{ readonly active_task: Readonly<Record<string, string>> }>("commits");
  const lines = Object.keys(active_task).map((text, index) => logLine(index + 1, "user", `${text} and more of it`));
  assert.equal(extractiveSummary(inputOf(lines)).activeTask, null);
});

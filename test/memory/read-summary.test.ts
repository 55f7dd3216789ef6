import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readSummary } from "../../src/memory/read-summary.ts";

test("a model's answer is read, its lists without doubles", () => {
  const answer = `Of course:\n\`\`\`json
{"overview":"They chose SQLite.\\n\\n  Bob tests it.","abstract":"SQLite","decisions":["Use SQLite.","use sqlite",7],"open_loops":"tests","constraints":[],"active_task":"Write tests"}
\`\`\``;
  assert.deepEqual(readSummary(answer), {
    overview: "They chose SQLite.\nBob tests it.",
    abstract: "SQLite",
    decisions: ["Use SQLite."],
    openLoops: ["tests"],
    constraints: [],
    activeTask: "Write tests",
  });
});

test("prose is an overview; an excuse, an empty object and broken JSON are nothing", () => {
  const prose = "They talked at length about the move to Lisbon, and about the parrot.";
  assert.equal(readSummary(prose)?.overview, prose);
  assert.equal(readSummary(prose)?.abstract, prose);
  for (const nothing of ["", "I can't.", "{}", '{"overview":"  "}', '{"overview":', '[{"overview":"x"}]']) {
    assert.equal(readSummary(nothing), null, nothing);
  }
});

test("no task has many names", () => {
  for (const task of [null, "", "none", "N/A", "null", "-", 5]) {
    assert.equal(readSummary(JSON.stringify({ overview: "x", activeTask: task }))?.activeTask, null);
  }
});

test("secrets don't come through in any field", () => {
  const secret = "the password is hunter2";
  const all = {
    overview: secret,
    abstract: secret,
    decisions: [secret],
    openLoops: [secret],
    constraints: [secret],
    activeTask: secret,
  };
  assert.doesNotMatch(JSON.stringify(readSummary(JSON.stringify(all))), /hunter2/);
});

test("whatever is answered, what is read is bounded and clean", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: "grapheme", maxLength: 500 }), (value, text) => {
      const summary = readSummary(
        JSON.stringify({ overview: text, abstract: text, decisions: [text, value], open_loops: value }),
      );
      if (summary === null) return;
      assert.ok(summary.abstract.length <= 100);
      for (const entry of [...summary.decisions, ...summary.openLoops])
        assert.ok(entry.length <= 300 && !/[\n\r]/.test(entry));
    }),
  );
});

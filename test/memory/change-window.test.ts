import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MAX_COMMITMENTS,
  withCommitment,
  withSummary,
  withTask,
  withUncertainties,
} from "../../src/memory/change-window.ts";
import { freshWindow } from "../../src/store/windows.ts";
import { summaryOf } from "../support/lifecycle-world.ts";

const { state: empty } = freshWindow;

test("a commitment is noted once, changes its state, and what was fulfilled does not open again by a summary", () => {
  const loop = { kind: "loop", text: "Send the invoice.", state: "open" } as const;
  const noted = withCommitment(withCommitment(empty, loop, 1), { ...loop, text: "send the invoice" }, 2);
  assert.equal(noted.commitments.length, 1);
  const fulfilled = withCommitment(noted, { ...loop, state: "fulfilled" }, 3);
  const summed = withSummary(
    fulfilled,
    summaryOf("s", { openLoops: ["Send the invoice"], constraints: ["In EUR"] }),
    4,
  );
  assert.deepEqual(
    summed.commitments.map(({ kind, state }) => [kind, state]),
    [
      ["loop", "fulfilled"],
      ["constraint", "open"],
    ],
  );
});

test("commitments are bounded: what is over goes first, then the oldest", () => {
  let state = withCommitment(empty, { kind: "loop", text: "the first", state: "open" }, 0);
  state = withCommitment(state, { kind: "loop", text: "over", state: "fulfilled" }, 0);
  for (let place = 0; place < MAX_COMMITMENTS; place += 1)
    state = withCommitment(state, { kind: "decision", text: `decision ${place}`, state: "open" }, place);
  assert.equal(state.commitments.length, MAX_COMMITMENTS);
  const texts = state.commitments.map(({ text }) => text);
  assert.deepEqual([texts.includes("over"), texts.includes("the first"), texts[0]], [false, false, "decision 0"]);
});

test("a task of a summary gives way to another summary's, and to a person's; not the other way round", () => {
  const first = withSummary(empty, summaryOf("s", { activeTask: "ship" }), 1);
  assert.equal(withSummary(first, summaryOf("s", { activeTask: "test" }), 2).activeTask?.text, "test");
  assert.equal(withSummary(first, summaryOf("s"), 2).activeTask?.text, "ship");
  const told = withTask(first, "rest\nnow", "person", 3);
  assert.deepEqual(withSummary(told, summaryOf("s", { activeTask: "test" }), 4).activeTask, {
    text: "rest now",
    origin: "person",
    atMs: 3,
  });
  assert.equal(withTask(told, " ", "agent", 5).activeTask, null);
});

test("uncertainties are the newest twenty, a line each", () => {
  const { uncertainties } = withUncertainties(
    empty,
    Array.from({ length: 25 }, (_, place) => `is it\n${place}?`),
  );
  assert.deepEqual([uncertainties.length, uncertainties[0]], [20, "is it 5?"]);
});

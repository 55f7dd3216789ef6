import assert from "node:assert/strict";
import { test } from "node:test";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { begin, isAllDone, linesIn, openScene } from "../support/stop-scene.ts";
import { tempDir } from "../support/temp-dir.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const SECOND_MS = 1_000;

test("/stop before a turn has a slot keeps its message from running, and offers it", async () => {
  await using scene = await openScene({ maxConcurrentTurns: 1 }, "collect");
  const { bare, agent, clock, shown } = scene;
  await bare.say("other", "long work");
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("c", "hello");
  await bare.say("c", "/stop");
  await until("it is said", () => shown().length === 1);
  assert.deepEqual(shown(), [
    "Nothing is running yet. One message waits: /queue go answers it, /queue clear drops it.",
  ]);
  agent.running[0]?.answer("worked");
  await until("the slot is free", () => bare.gateway.status().runningTurns === 0);
  await clock.advance(10 * SECOND_MS);
  assert.equal(agent.requests.length, 1);
  await bare.say("c", "/queue go");
  await until("it runs", () => agent.requests.length === 2);
  agent.running[0]?.answer("hi");
  await until("it is answered", () => shown().at(-1) === "hi");
  await until("nothing is left", () => isAllDone(bare));
});

test("/stop while the rest of an album is awaited keeps it from running when the wait is over", async () => {
  await using scene = await openScene({}, "collect");
  const { bare, agent, clock, shown } = scene;
  await bare.say("c", "part", { waitsForMore: true });
  await bare.say("c", "/stop");
  await clock.advance(10 * SECOND_MS);
  assert.match(shown()[0] ?? "", /^Nothing is running yet. One message waits/);
  assert.equal(agent.requests.length, 0);
  await bare.say("c", "the rest after all");
  await until("both run", () => agent.requests.length === 1);
  assert.equal(agent.requests[0]?.message.text, "part\n\nthe rest after all");
  agent.running[0]?.answer("fine");
  await until("nothing is left", () => isAllDone(bare));
});

test("what waits when a turn is stopped stays where it is, also when the wait for an album ends meanwhile", async () => {
  await using scene = await openScene({}, "followup");
  const { bare, agent, clock } = scene;
  await bare.say("c", "part", { waitsForMore: true });
  await clock.advance(100);
  await bare.say("c", "rest");
  await until("they run", () => agent.running.length === 1);
  await bare.say("c", "later");
  await bare.say("c", "/stop");
  await clock.advance(10 * SECOND_MS);
  assert.equal(agent.requests.length, 1);
  await bare.say("c", "/queue go");
  await until("it runs", () => agent.requests.length === 2);
  agent.running[0]?.answer("later it is");
  await until("nothing is left", () => isAllDone(bare));
});

test("/stop at the very moment the answer arrives leaves one answer, whole or marked, and agrees with itself", async () => {
  for (const isFirst of [true, false]) {
    await using scene = await openScene({}, "followup");
    const { bare, agent, shown } = scene;
    await begin(scene);
    if (!isFirst) agent.running[0]?.answer("all of it");
    const stopping = bare.say("c", "/stop");
    if (isFirst) agent.running[0]?.answer("all of it");
    await stopping;
    await until("both are said", () => shown().length === 2);
    const isStopped = shown().includes("Stopped.");
    const answer = isStopped ? "all of it\n\n*(stopped)*" : "all of it";
    assert.deepEqual([...shown()].sort(), [isStopped ? "Stopped." : "Nothing is running here.", answer].sort());
    assert.deepEqual(linesIn(bare), ["user: tell me", "assistant: all of it"]);
  }
});

test("/stop while a finished answer waits for room on the disk: it is kept whole, what waits runs after it and only when told", async () => {
  await using scene = await openScene({}, "followup");
  const { bare, agent, clock, shown } = scene;
  await begin(scene);
  await bare.say("c", "and then");
  const longAnswer = "long ".repeat(40_000).trim();
  fillDisk(bare);
  agent.running[0]?.answer(longAnswer);
  await clock.advance(2 * SECOND_MS);
  assert.deepEqual(shown(), [], "the answer does not fit yet");
  await bare.say("other", "hello");
  await until("others are served", () => agent.running.length === 1);
  assert.equal(agent.running[0]?.request.message.text, "hello", "what waits does not overtake the answer");
  agent.running[0]?.answer("hi");
  await until("they are answered", () => bare.adapter.textsIn("other").length === 1);
  assert.equal(agent.requests.length, 2);

  await bare.say("c", "/stop");
  makeRoom(bare);
  await clock.advance(15 * SECOND_MS);
  await until("the answer is out", () => shown().includes(longAnswer));
  await clock.advance(10 * SECOND_MS);
  assert.equal(agent.requests.length, 2, "what waits is kept");
  assert.deepEqual(linesIn(bare), ["user: tell me", `assistant: ${longAnswer}`]);
  await bare.say("c", "/queue go");
  await until("it runs", () => agent.requests.length === 3);
  agent.running[0]?.answer("done");
  await until("nothing is left", () => isAllDone(bare));
});

test("/stop after the shutdown began is refused, and left to the next process; the turn drains", async () => {
  await using scene = await openScene({}, "followup");
  const { bare, agent, shown } = scene;
  await begin(scene);
  const down = bare.shutDown();
  const refused = await bare.say("c", "/stop");
  assert.equal(refused.kind === "refused" && refused.reason, "stopping");
  agent.running[0]?.answer("in time");
  await down;
  assert.deepEqual(shown(), ["in time"]);
});

test("a turn that was stopped is over, also for the process after a kill in that moment", async () => {
  using folder = tempDir();
  const agent = scriptedAgent();
  {
    await using bare = await bareGateway({ dataDir: folder.path, agent, limits: { drainMs: 0 } });
    await bare.say("c", "tell me");
    await until("the agent works", () => agent.running.length === 1);
    agent.running[0]?.say({ kind: "text", delta: "Once" });
    await bare.say("c", "/stop");
    // The daemon is stopped in the same breath.
  }
  const next = scriptedAgent();
  await using bare = await bareGateway({ dataDir: folder.path, agent: next });
  await until("nothing is left", () => isAllDone(bare));
  assert.equal(next.requests.length, 0, "somebody who stopped a turn does not want it after a restart");
  assert.deepEqual(linesIn(bare), ["user: tell me", "assistant: Once"]);
});

/** Leaves the database a few pages: small rows fit, a long answer does not. */
function fillDisk({ store }: BareGateway): void {
  const [row] = rowsOf(store.reader, "PRAGMA page_count");
  rowsOf(store.reader, `PRAGMA max_page_count = ${Number(row?.page_count) + 12}`);
}

function makeRoom({ store }: BareGateway): void {
  rowsOf(store.reader, "PRAGMA max_page_count = 100000");
}

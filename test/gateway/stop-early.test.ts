import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllDone, linesIn, openScene } from "../support/stop-scene.ts";
import { until } from "../support/until.ts";

test("/stop in the same breath as its message ends its turn, and says so", async () => {
  await using scene = await openScene({}, "followup");
  const { bare, agent, clock, shown } = scene;
  await Promise.all([bare.say("c", "hello"), bare.say("c", "/stop")]);
  await until("nothing is left", () => isAllDone(bare));
  await clock.advance(0);
  assert.deepEqual(shown(), ["Stopped."]);
  assert.equal(agent.running.length, 0);
  assert.deepEqual(linesIn(bare), ["user: hello"]);
  await bare.say("c", "hello again");
  await until("the next one is answered as ever", () => agent.running.length === 1);
  agent.running[0]?.answer("hi");
  await until("nothing is left", () => isAllDone(bare));
});

test("/stop before a message of the same breath does not mean that message", async () => {
  await using scene = await openScene({}, "followup");
  const { bare, agent, shown } = scene;
  await Promise.all([bare.say("c", "/stop"), bare.say("c", "hello")]);
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.answer("hi");
  await until("both are said", () => shown().length === 2);
  assert.deepEqual(shown(), ["Nothing is running here.", "hi"]);
});

test("a command of the same breath leaves no stop behind for what comes later", async () => {
  await using scene = await openScene({}, "followup");
  const { bare, agent } = scene;
  await Promise.all([bare.say("c", "/whoami"), bare.say("c", "/stop")]);
  await until("both are answered", () => isAllDone(bare));
  await bare.say("c", "hello");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.answer("hi");
  await until("nothing is left", () => isAllDone(bare));
  assert.deepEqual(linesIn(bare), ["user: hello", "assistant: hi"]);
});

for (let moments = 0; moments <= 8; moments++)
  test(`/stop ${moments} moments after an answer, with a message behind it: nothing runs afterwards, and no message is lost`, async () => {
    await using scene = await openScene({}, "followup");
    const { bare, agent, clock, shown } = scene;
    await bare.say("c", "one");
    await until("the agent works", () => agent.running.length === 1);
    await bare.say("c", "two");
    agent.running[0]?.answer("first");
    for (let moment = 0; moment < moments; moment++) await Promise.resolve();
    await bare.say("c", "/stop");
    await until("it is answered", () => shown().some((text) => /^(Stopped|Nothing)/.test(text)));
    await clock.advance(10_000);
    await until("nothing runs", () => bare.gateway.status().runningTurns === 0);
    assert.ok(!shown().includes("Nothing is running here."), shown().join(" | "));
    assert.equal(agent.running.length, 0);
    if (bare.gateway.status().waitingMessages > 0) {
      await bare.say("c", "/queue go");
      await until("it runs", () => agent.running.length === 1);
      agent.running[0]?.answer("second");
    }
    await until("nothing is left", () => isAllDone(bare));
    assert.ok(linesIn(bare).includes("user: two"));
  });

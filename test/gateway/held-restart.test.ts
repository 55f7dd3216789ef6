import assert from "node:assert/strict";
import { test } from "node:test";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { type ScriptedAgent, scriptedAgent } from "../support/scripted-agent.ts";
import { isAllDone } from "../support/stop-scene.ts";
import { tempDir } from "../support/temp-dir.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const SECOND_MS = 1_000;

/** A turn that was stopped with two messages waiting behind it, and the process ended in this way. */
async function heldBefore(dataDir: string, how: "orderly" | "killed", then: readonly string[] = []): Promise<void> {
  const agent = scriptedAgent();
  const bare = await bareGateway({ dataDir, agent, limits: { drainMs: 0 } });
  for (const text of ["one", "two", "three"]) await bare.say("c", text);
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("c", "/stop");
  await until("the turn is over", () => bare.gateway.status().runningTurns === 0);
  for (const text of then) await bare.say("c", text, { messageId: `then ${text}` });
  if (then.length > 0) await until("the next turn runs", () => agent.running.length === 1);
  await (how === "orderly" ? bare.shutDown() : bare.store[Symbol.asyncDispose]());
}

async function answerAll(bare: BareGateway, agent: ScriptedAgent): Promise<readonly string[]> {
  await until("everything is answered", () => {
    agent.running[0]?.answer("ok");
    return isAllDone(bare);
  });
  return agent.requests.map(({ message }) => message.text);
}

for (const how of ["orderly", "killed"] as const) {
  test(`what a /stop held is held after a restart, and answered when somebody says so: ${how}`, async () => {
    using folder = tempDir();
    await heldBefore(folder.path, how);
    const agent = scriptedAgent();
    const clock = fakeClock(Date.now());
    await using bare = await bareGateway({ dataDir: folder.path, agent, clock });
    await clock.advance(60 * SECOND_MS);
    assert.equal(agent.requests.length, 0);
    await bare.say("c", "/queue", { messageId: "q1" });
    await until("it is said", () => bare.adapter.textsIn("c").some((text) => text.includes("2 messages wait")));
    await bare.say("c", "/queue go", { messageId: "q2" });
    assert.deepEqual(await answerAll(bare, agent), ["two", "three"]);
  });

  test(`what a /stop held is dropped after a restart when somebody says so: ${how}`, async () => {
    using folder = tempDir();
    await heldBefore(folder.path, how);
    const agent = scriptedAgent();
    await using bare = await bareGateway({ dataDir: folder.path, agent });
    await bare.say("c", "/queue clear", { messageId: "q" });
    await bare.say("c", "four", { messageId: "m" });
    assert.deepEqual(await answerAll(bare, agent), ["four"]);
  });

  test(`whoever writes after the restart lets go of what was held: ${how}`, async () => {
    using folder = tempDir();
    await heldBefore(folder.path, how);
    const agent = scriptedAgent();
    await using bare = await bareGateway({ dataDir: folder.path, agent });
    await bare.say("c", "four", { messageId: "m" });
    assert.deepEqual(await answerAll(bare, agent), ["two", "three", "four"]);
  });

  for (const word of ["go on", "/queue go"])
    test(`what was let go of by ${word} before a restart is not held after it: ${how}`, async () => {
      using folder = tempDir();
      await heldBefore(folder.path, how, [word]);
      const agent = scriptedAgent();
      await using bare = await bareGateway({ dataDir: folder.path, agent });
      const asked = await answerAll(bare, agent);
      assert.deepEqual(asked.slice(0, 2), ["two", "three"]);
      assert.deepEqual(rowsOf(bare.store.reader, "SELECT name FROM meta WHERE name LIKE 'held:%'"), []);
    });
}

test("a message that was cut while its answer grew can be dropped, and the post grows no more", async () => {
  for (const how of ["orderly", "killed"] as const) {
    using folder = tempDir();
    const clock = fakeClock(Date.UTC(2026, 0, 1));
    const editable = () => memoryAdapter({ async edit() {} });
    const growth = ({ store }: BareGateway) =>
      rowsOf(store.reader, "SELECT state, grows FROM outbox WHERE chat_id = 'c' AND kind = 'reply'").map(
        ({ state, grows }) => [state, grows].join(" "),
      );
    {
      const agent = scriptedAgent();
      const bare = await bareGateway({
        dataDir: folder.path,
        clock,
        adapter: editable(),
        agent,
        limits: { drainMs: 0 },
      });
      await bare.say("other", "long work");
      await bare.say("c", "tell me");
      await until("both run", () => agent.running.length === 2);
      agent.running[1]?.say({ kind: "text", delta: "Once" });
      await clock.advance(SECOND_MS);
      await until("its beginning is noted", () => growth(bare).join() === "growing 1");
      await (how === "orderly" ? bare.shutDown() : bare.store[Symbol.asyncDispose]());
    }
    const agent = scriptedAgent();
    const limits = { maxConcurrentTurns: 1 };
    await using bare = await bareGateway({ dataDir: folder.path, clock, adapter: editable(), agent, limits });
    await until("the other one has the slot", () => agent.running.length === 1);
    await bare.say("c", "/queue clear", { messageId: "q" });
    await until("it is said", () => bare.adapter.textsIn("c").includes("Dropped one message."));
    assert.deepEqual(growth(bare), ["sent 0"]);
    agent.running[0]?.answer("worked");
    await until("nothing is left", () => isAllDone(bare));
    assert.equal(agent.requests.length, 1);
  }
});

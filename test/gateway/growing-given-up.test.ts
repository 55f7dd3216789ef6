import assert from "node:assert/strict";
import { test } from "node:test";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { type BareGateway, bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const SECOND_MS = 1_000;
const statesIn = ({ store }: BareGateway) =>
  rowsOf(store.reader, "SELECT state, grows FROM outbox ORDER BY id").map(({ state, grows }) =>
    [state, grows].join(" "),
  );

/** A platform whose posts can be edited. */
const editable = () => memoryAdapter({ async edit() {} });

test("the post that showed a turn given up after three deaths grows no more", async () => {
  using folder = tempDir();
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  for (let life = 1; life <= 3; life++) {
    const agent = scriptedAgent();
    const bare = await bareGateway({ dataDir: folder.path, clock, adapter: editable(), agent });
    if (life === 1) await bare.say("c", "hi");
    await until("the agent works", () => agent.running.length === 1);
    agent.running[0]?.say({ kind: "text", delta: "half an" });
    await clock.advance(SECOND_MS);
    await until("its beginning is noted", () => statesIn(bare).join() === "growing 1");
    await bare.store[Symbol.asyncDispose](); // as a kill leaves it
  }
  await using bare = await bareGateway({ dataDir: folder.path, clock, adapter: editable() });
  await until("the person is told", () => bare.adapter.posts.length === 1);
  assert.match(bare.adapter.posts[0]?.text ?? "", /^I could not answer this message/);
  await until("nothing is left to do", () => statesIn(bare).join() === "sent 0,sent 0");
});

test("an answer whose beginning was refused for good is posted whole, and its beginning is no more than that when retried", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const agent = scriptedAgent();
  const adapter = editable();
  await using bare = await bareGateway({ clock, adapter, agent });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  adapter.beforePost = () => {
    throw new DeliveryError("bad_format", "400", { certain: true });
  };
  agent.running[0]?.say({ kind: "text", delta: "half an" });
  await clock.advance(SECOND_MS);
  await until("it was refused", () => statesIn(bare).join() === "dead 1");
  adapter.beforePost = () => {};
  agent.running[0]?.answer(" answer");
  await until("it is posted whole", () => adapter.textsIn("c").join() === "half an answer");
  await until("that is noted", () => statesIn(bare).join() === "dead 1,sent 0");
  assert.equal(await bare.gateway.retryDead(1), true);
  await until("the beginning was sent as well", () => statesIn(bare).join() === "sent 0,sent 0");
});

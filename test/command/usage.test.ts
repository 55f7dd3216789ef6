import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, liveSession } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";

const usage = { inputTokens: 1_234, outputTokens: 56, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.0123 };

test("/usage shows this conversation and all of this place", async () => {
  await using bare = await bareGateway();
  assert.equal(await ask(bare, "/usage"), "No conversation was opened here yet.");
  await ask(bare, "one");
  assert.equal(
    await ask(bare, "/usage"),
    "This conversation: nothing counted.\nThe one conversation of this place: nothing counted.",
  );
  await bare.store.recordUsage(liveSession(bare).sessionId, usage);
  await ask(bare, "/new two");
  await bare.store.recordUsage(liveSession(bare).sessionId, { ...usage, cacheReadTokens: 7_000, costUsd: 2 });
  await ask(bare, "elsewhere", { source: { chatId: "d" } });
  const [elsewhere] = bare.store.listSessions({ chatId: "d" }).sessions;
  await bare.store.recordUsage(elsewhere?.sessionId ?? "", usage);
  assert.equal(
    await ask(bare, "/usage"),
    [
      "This conversation: 1,234 tokens in, 56 out, 7,000 read from and 0 written to the cache; cost $2.00.",
      "All 2 conversations of this place: 2,468 tokens in, 112 out, 7,000 read from and 0 written to the cache; cost $2.01.",
    ].join("\n"),
  );
});

test("a cost that nobody knows is not shown as nothing", async () => {
  await using bare = await bareGateway();
  await ask(bare, "one");
  await bare.store.recordUsage(liveSession(bare).sessionId, { ...usage, costUsd: null });
  assert.match(await ask(bare, "/usage"), /^This conversation: .*; cost not known\./);
  await bare.store.recordUsage(liveSession(bare).sessionId, usage);
  assert.match(await ask(bare, "/usage"), /; cost at least \$0\.0123, some of it is not known\./);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const group = { chatType: "group", userId: "ann", userName: "Ann" } as const;

test("a chat that gets another id goes on there: its session, what waits in it, and the answer that is under way", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  const { store, adapter } = bare;
  await bare.say("old", "one", { source: group });
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.answer("first");
  await until("it is answered", () => adapter.textsIn("old").length === 1);
  const [before] = store.listSessions({ limit: 10 }).sessions;

  await bare.say("old", "two", { source: group });
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("old", "three", { source: group });
  await bare.intake.chatMoved({ fromChatId: "old", toChatId: "new" });
  await bare.intake.chatMoved({ fromChatId: "old", toChatId: "new" });
  for (const answer of ["second", "third"]) {
    await until("the agent works", () => agent.running.length === 1);
    agent.running[0]?.answer(answer);
    await until("it is answered", () => adapter.posts.at(-1)?.text === answer);
  }
  assert.equal(adapter.posts.at(-1)?.chatId, "new", "what waited");

  await bare.say("new", "four", { source: group });
  await until("the agent works", () => agent.running.length === 1);
  assert.ok(
    agent.requests
      .at(-1)
      ?.history(10)
      .some(({ text }) => text.includes("one")),
  );
  agent.running[0]?.answer("fourth");
  await until("it is answered", () => adapter.textsIn("new").includes("fourth"));
  const { sessions } = store.listSessions({ limit: 10 });
  assert.deepEqual(
    sessions.map(({ sessionId, source }) => [sessionId, source.chatId]),
    [[before?.sessionId, "new"]],
  );
});

test("what waits to be posted in a chat follows it to its new id", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  await using bare = await bareGateway({ clock });
  const { adapter, store } = bare;
  adapter.beforePost = () => {
    throw new DeliveryError("unreachable", "down", { certain: true });
  };
  for (const chatId of ["old", "another"]) {
    await bare.gateway.send({ platform: "memory", account: "default", chatId, threadId: null }, `for ${chatId}`);
  }
  await until("both were tried", () => rowsOf(store.reader, "SELECT id FROM outbox WHERE attempts = 1").length === 2);
  await bare.intake.chatMoved({ fromChatId: "old", toChatId: "new" });
  await bare.intake.chatMoved({ fromChatId: "somewhere", toChatId: "else" });
  adapter.beforePost = () => {};
  await until("both are posted", async () => {
    await clock.advance(1_000);
    return adapter.posts.length === 2;
  });
  assert.deepEqual(adapter.posts.map(({ chatId, text }) => `${text} in ${chatId}`).toSorted(), [
    "for another in another",
    "for old in new",
  ]);
});

test("a platform that tells of the new id by refusing a post gets that post once, and those behind it in order", async () => {
  await using bare = await bareGateway();
  const { adapter, store } = bare;
  const send = adapter.send.bind(adapter);
  const moved = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  adapter.send = async (message) => {
    if (message.chatId !== "old") return await send(message);
    await bare.intake.chatMoved({ fromChatId: "old", toChatId: "new" });
    moved.resolve();
    await goesOn.promise;
    return await send({ ...message, chatId: "new" });
  };
  const lane = { platform: "memory", account: "default", chatId: "old", threadId: null };
  for (const text of ["one", "two", "three"]) await bare.gateway.send(lane, text);
  await moved.promise;
  await bare.gateway.send({ ...lane, chatId: "new" }, "four");
  assert.deepEqual(adapter.posts, [], "the first one is on its way");
  goesOn.resolve();
  await until("all are posted", () => store.stats().outbox.pending === 0);
  assert.deepEqual(adapter.textsIn("new"), ["one", "two", "three", "four"]);
});

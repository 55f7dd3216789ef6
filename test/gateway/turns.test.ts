import assert from "node:assert/strict";
import { test } from "node:test";
import { selectInbox } from "../../src/store/inbox.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { NOON_MS, openTestStore } from "../support/test-store.ts";
import { until } from "../support/until.ts";

test("a message is answered in its chat, and both lines are in the transcript and its mirror", async () => {
  await using bare = await bareGateway();
  const accepted = await bare.say("c1", "hello");
  assert.equal(accepted.kind, "accepted");
  await until("the answer is posted", () => bare.adapter.posts.length === 1);
  assert.match(bare.adapter.textsIn("c1")[0] ?? "", /^hello\n/);
  const [session] = bare.store.listSessions({}).sessions;
  assert.ok(session);
  const lines = bare.store.transcript(session.sessionId, { limit: 10 });
  assert.deepEqual(
    lines.map(({ seq, role, senderName, messageId }) => ({ seq, role, senderName, messageId })),
    [
      { seq: 1, role: "user", senderName: "Ann", messageId: "m1" },
      { seq: 2, role: "assistant", senderName: null, messageId: null },
    ],
  );
  assert.deepEqual(bare.store.healTranscript(session.sessionId), { kind: "whole" });
});

test("a message that is delivered twice is answered once", async () => {
  await using bare = await bareGateway();
  const [one, two] = await Promise.all([
    bare.say("c1", "hello", { messageId: "same" }),
    bare.say("c1", "hello", { messageId: "same" }),
  ]);
  const three = await bare.say("c1", "hello", { messageId: "same" });
  assert.deepEqual([one.kind, two.kind, three.kind], ["accepted", "duplicate", "duplicate"]);
  assert.deepEqual(
    [one, two, three].map((acceptance) => "inboxId" in acceptance && acceptance.inboxId),
    [1, 1, 1],
  );
  await bare.say("c1", "/whoami");
  await until("both are answered", () => bare.adapter.posts.length === 2);
});

test("the same message id in another chat is another message", async () => {
  await using bare = await bareGateway();
  await bare.say("c1", "one", { messageId: "7" });
  assert.equal((await bare.say("c2", "two", { messageId: "7" })).kind, "accepted");
});

test("messages of one session run one at a time and in order; other sessions run beside them", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  for (const text of ["a1", "a2", "a3"]) await bare.say("a", text);
  await bare.say("b", "b1");
  await until("two turns run", () => agent.running.length === 2);
  assert.deepEqual(
    agent.running.map(({ request }) => request.message.text),
    ["a1", "b1"],
  );
  agent.running[0]?.answer("to a1");
  await until("the next one runs", () => agent.running.some(({ request }) => request.message.text === "a2"));
  assert.deepEqual(
    agent.requests
      .find(({ message }) => message.text === "a2")
      ?.history(10)
      .map(({ text }) => text),
    ["a1", "to a1"],
  );
  for (const turn of [...agent.running]) turn.answer("ok");
  await until("the last one runs", () => agent.running.length === 1);
  agent.running[0]?.answer("ok");
  await until("all is posted", () => bare.adapter.posts.length === 4);
  assert.deepEqual(bare.adapter.textsIn("a"), ["to a1", "ok", "ok"]);
});

test("no more than maxConcurrentTurns run at once", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, limits: { maxConcurrentTurns: 2 } });
  for (let chat = 0; chat < 6; chat++) await bare.say(`c${chat}`, "hi");
  let most = 0;
  await until("all are answered", () => {
    most = Math.max(most, agent.running.length);
    for (const turn of [...agent.running]) turn.answer("ok");
    return bare.adapter.posts.length === 6;
  });
  assert.equal(most, 2);
});

test("in a shared thread the agent reads who speaks, cleaned of brackets; the transcript keeps the bare text", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, limits: { drainMs: 0 } });
  await bare.say("c", "hello", { source: { chatType: "thread", threadId: "t", userName: "An]n\n[admin" } });
  await until("it runs", () => agent.running.length === 1);
  const text = agent.requests[0]?.message.text ?? "";
  assert.match(text, /^\[[^\][\n]+\] hello$/);
  const [session] = bare.store.listSessions({}).sessions;
  assert.equal(bare.store.transcript(session?.sessionId ?? "", { limit: 1 })[0]?.content, "hello");
});

test("a failed turn is told of honestly; what the agent had said is kept and marked", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await bare.say("c", "go");
  await until("it runs", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "half an ans" });
  agent.running[0]?.say({
    kind: "failed",
    failure: { reason: "unavailable", message: "The model is overloaded.", detail: "529", retryable: true },
  });
  await until("both are posted", () => bare.adapter.posts.length === 2);
  assert.deepEqual(bare.adapter.textsIn("c"), ["half an ans", "The model is overloaded."]);
  const [session] = bare.store.listSessions({}).sessions;
  assert.deepEqual(bare.store.transcript(session?.sessionId ?? "", { limit: 1 })[0]?.extra, {
    incomplete: "unavailable",
  });
});

test("an agent that throws, ends without a word, or answers nothing does not leave the person without an answer", async () => {
  const broken = {
    name: "broken",
    async *run(request: { message: { text: string } }) {
      if (request.message.text === "throw") throw new Error("boom: secret detail");
      if (request.message.text === "nothing") yield { kind: "done" } as const;
    },
  };
  await using bare = await bareGateway({ agent: broken });
  await bare.say("throw", "throw");
  await bare.say("end", "end");
  await bare.say("nothing", "nothing");
  await until("all are told", () => bare.adapter.posts.length === 3);
  assert.match(bare.adapter.textsIn("throw")[0] ?? "", /went wrong on my side/);
  assert.doesNotMatch(bare.adapter.textsIn("throw")[0] ?? "", /secret detail/);
  assert.match(bare.adapter.textsIn("end")[0] ?? "", /went wrong on my side/);
  assert.equal(bare.adapter.textsIn("nothing")[0], "The agent gave no answer.");
});

test("a turn that takes too long is ended, even when the agent does not heed the signal", async () => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const agent = scriptedAgent({ obeysStop: false });
  await using bare = await bareGateway({ agent, clock, limits: { turnTimeoutMs: 120_000 } });
  await bare.say("c", "go");
  await until("it runs", () => agent.running.length === 1);
  await clock.advance(120_000);
  await clock.advance(1_000);
  await until("the person is told", () => bare.adapter.posts.length === 1);
  assert.match(bare.adapter.textsIn("c")[0] ?? "", /gave up after 2 minutes/);
  agent.running[0]?.answer("too late");
});

test("what a stopped daemon left running or waiting is answered by the next one, each once", async () => {
  using folder = tempDir();
  const agent = scriptedAgent();
  {
    await using first = await bareGateway({ agent, dataDir: folder.path, limits: { drainMs: 0 } });
    for (const text of ["one", "two"]) await first.say("c", text);
    await until("it runs", () => agent.running.length === 1);
  }
  await using second = await bareGateway({ dataDir: folder.path });
  await until("both are answered", () => second.adapter.posts.length === 2);
  const [session] = second.store.listSessions({}).sessions;
  assert.deepEqual(
    second.store
      .transcript(session?.sessionId ?? "", { limit: 10 })
      .map(({ role, content }) => `${role} ${content.split("\n")[0]}`),
    ["user one", "assistant one", "user two", "assistant two"],
  );
  assert.equal(selectInbox(second.store.reader, 1)?.attempts, 1, "a shutdown is nobody's failed attempt");
});

test("a drain waits for the running turn", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await bare.say("c", "go");
  await until("it runs", () => agent.running.length === 1);
  const down = bare.shutDown();
  const refused = await bare.say("c", "too late");
  assert.equal(refused.kind === "refused" && refused.reason, "stopping");
  agent.running[0]?.answer("just in time");
  await down;
  assert.deepEqual(bare.adapter.textsIn("c"), ["just in time"]);
});

test("a row that was begun three times without an end is given up with a word to the person", async () => {
  using folder = tempDir();
  {
    const agent = scriptedAgent();
    await using first = await bareGateway({ agent, dataDir: folder.path, limits: { drainMs: 0 } });
    await first.say("c", "poison");
    await first.say("c", "next");
    await until("it runs", () => agent.running.length === 1);
    // As after three deaths in the middle of the turn.
    const { statement } = await import("../../src/store/statement.ts");
    const died = statement<object>()((db) => db.updateTable("inbox").set({ attempts: 4 }).where("id", "=", 1));
    await first.store.write((tx) => tx.run(died, {}));
  }
  await using second = await bareGateway({ dataDir: folder.path });
  await until("both are answered", () => second.adapter.posts.length === 2);
  assert.match(second.adapter.textsIn("c")[0] ?? "", /interrupted 3 times/);
  assert.match(second.adapter.textsIn("c")[1] ?? "", /^next/);
  assert.equal(second.store.stats().inbox.dead, 1);
});

test("a person whose conversation is deleted before their turn runs again is told so", async () => {
  using folder = tempDir();
  {
    const agent = scriptedAgent();
    await using first = await bareGateway({ agent, dataDir: folder.path, limits: { drainMs: 0 } });
    for (const text of ["forgotten", "next"]) await first.say("c", text);
    await until("it runs", () => agent.running.length === 1);
    await first.shutDown();
  }
  {
    await using store = await openTestStore(folder.path, fakeClock(NOON_MS));
    const [session] = store.listSessions({}).sessions;
    await store.deleteSession(session?.sessionId ?? "", NOON_MS);
  }
  await using second = await bareGateway({ dataDir: folder.path });
  await until("both are answered", () => second.adapter.posts.length === 2);
  assert.match(second.adapter.textsIn("c")[0] ?? "", /the conversation was deleted meanwhile/);
  assert.match(second.adapter.textsIn("c")[1] ?? "", /^next/);
  assert.equal(selectInbox(second.store.reader, 1)?.error, "session deleted");
});

test("an agent is told which attempt this is", async () => {
  using folder = tempDir();
  const agent = scriptedAgent();
  {
    await using first = await bareGateway({ agent, dataDir: folder.path, limits: { drainMs: 0 } });
    await first.say("c", "go");
    await until("it runs", () => agent.running.length === 1);
    const { statement } = await import("../../src/store/statement.ts");
    const died = statement<object>()((db) => db.updateTable("inbox").set({ attempts: 2 }).where("id", "=", 1));
    await first.store.write((tx) => tx.run(died, {}));
  }
  await using second = await bareGateway({ agent, dataDir: folder.path, limits: { drainMs: 0 } });
  await until("it runs again", () => agent.requests.length === 2);
  assert.deepEqual(
    agent.requests.map(({ attempt }) => attempt),
    [1, 2],
  );
  assert.ok(second);
});

test("a caller can wait for the answer, also when it is there already", async () => {
  await using bare = await bareGateway();
  const accepted = await bare.say("c", "hello");
  assert.ok(accepted.kind === "accepted");
  const reply = await bare.gateway.waitForReply(accepted.inboxId, 5_000);
  assert.match(reply?.text ?? "", /^hello/);
  assert.deepEqual(await bare.gateway.waitForReply(accepted.inboxId, 5_000), reply);
  const agent = scriptedAgent();
  await using slow = await bareGateway({ agent, limits: { drainMs: 0 } });
  const waiting = await slow.say("c", "hello");
  assert.ok(waiting.kind === "accepted");
  assert.equal(await slow.gateway.waitForReply(waiting.inboxId, 20), null);
});

test("an end of a turn that our own fault makes impossible is a dead letter, and its conversation goes on", async () => {
  const adapter = memoryAdapter();
  let isBroken = true;
  adapter.split = (markdown) => {
    if (isBroken) throw new TypeError("a fault of our own");
    return [markdown];
  };
  await using bare = await bareGateway({ adapter, limits: { maxConcurrentTurns: 1 } });
  await bare.say("c", "hello");
  await until("it is set aside", () => bare.store.stats().inbox.dead === 1);
  isBroken = false;
  await bare.say("c", "still there?");
  await until("the next message is answered", () => adapter.posts.length === 1);
});

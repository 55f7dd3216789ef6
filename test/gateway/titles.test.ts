import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentBackend, Completion, CompletionRequest } from "../../src/agent/backend.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const usage = { inputTokens: 7, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };
const titled = (text: string): Completion => ({ text, usage, failure: null });
const unable: Completion = {
  text: "",
  usage: null,
  failure: { reason: "unavailable", message: "m", detail: "d", retryable: true },
};

/** Answers `ok` to everything, and is asked for titles that the test gives. */
function namingAgent(): AgentBackend & {
  readonly asked: { readonly request: CompletionRequest; readonly signal: AbortSignal; give(done: Completion): void }[];
} {
  const asked: ReturnType<typeof namingAgent>["asked"] = [];
  return {
    name: "naming",
    asked,
    async *run() {
      yield { kind: "text", delta: "ok" };
      yield { kind: "done" };
    },
    complete: (request, signal) => new Promise((resolve) => asked.push({ request, signal, give: resolve })),
  };
}

async function open(agent: AgentBackend, more: Parameters<typeof bareGateway>[0] = {}) {
  const bare = await bareGateway({ agent, titles: "agent", ...more });
  return {
    bare,
    /** Says something and waits for the answer. */
    async exchange(text: string, chatId = "c1") {
      const before = bare.adapter.posts.length;
      await bare.say(chatId, text);
      await until("it is answered", () => bare.adapter.posts.length === before + 1);
    },
    session: () => {
      const [session] = bare.store.listSessions({}).sessions;
      assert.ok(session !== undefined);
      return session;
    },
    [Symbol.asyncDispose]: () => bare[Symbol.asyncDispose](),
  };
}

test("the agent names a conversation after its first exchange, which does not wait for it", async () => {
  const agent = namingAgent();
  await using opened = await open(agent);
  await opened.exchange("Plan my trip to Rome. I have four days.");
  await until("it is asked", () => agent.asked.length === 1);
  assert.equal(opened.session().title, null);
  const told: string[] = [];
  opened.bare.gateway.feed.subscribe((event) => told.push(event.kind));
  assert.match(agent.asked[0]?.request.text ?? "", /"Plan my trip to Rome\. I have four days\.".*"ok"/s);
  agent.asked[0]?.give(titled("**Four days in Rome**\n"));
  await until("it has a title", () => opened.session().title === "Four days in Rome");
  assert.deepEqual([opened.session().usage.inputTokens, opened.session().usage.lastPromptTokens], [7, 0]);
  assert.ok(told.includes("session"));
  await opened.exchange("And Naples?");
  assert.equal(agent.asked.length, 1, "it has its title");
});

test("a title that a person gives meanwhile stays", async () => {
  const agent = namingAgent();
  await using opened = await open(agent);
  await opened.exchange("hello");
  await until("it is asked", () => agent.asked.length === 1);
  await opened.exchange("/title By hand");
  agent.asked[0]?.give(titled("By machine"));
  await until("what it took is counted", () => opened.session().usage.inputTokens === 7);
  assert.equal(opened.session().title, "By hand");
  await opened.exchange("again");
  assert.equal(agent.asked.length, 1);
});

test("what fails is asked for again after the next exchange, three times in all", async () => {
  const agent = namingAgent();
  await using opened = await open(agent);
  const answers = [unable, titled("* * *"), unable];
  for (const [index, answer] of answers.entries()) {
    await opened.exchange(`hello ${index}`);
    await until("it is asked", () => agent.asked.length === index + 1);
    assert.match(agent.asked[index]?.request.text ?? "", /hello 0/, "the first exchange is what it is about");
    agent.asked[index]?.give(answer);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await opened.exchange("hello 3");
  assert.equal(agent.asked.length, 3);
  assert.equal(opened.session().title, null);
});

test("one title a session is asked for at a time, and two in all", async () => {
  const agent = namingAgent();
  await using opened = await open(agent);
  await opened.exchange("a", "c1");
  await opened.exchange("a again", "c1");
  assert.equal(agent.asked.length, 1);
  await opened.exchange("b", "c2");
  await opened.exchange("c", "c3");
  assert.equal(agent.asked.length, 2);
  agent.asked[0]?.give(titled("A"));
  await until("it has a title", () => opened.bare.store.listSessions({}).sessions.some(({ title }) => title === "A"));
  await opened.exchange("c again", "c3");
  await until("there is room", () => agent.asked.length === 3);
});

test("nobody waits longer than half a minute for a title, nor does the end of the process", async () => {
  const agent = namingAgent();
  const clock = fakeClock(1_700_000_000_000);
  await using opened = await open(agent, { clock });
  await opened.exchange("hello");
  await until("it is asked", () => agent.asked.length === 1);
  await clock.advance(30_000);
  assert.equal(agent.asked[0]?.signal.aborted, true);
  await opened.exchange("hello again");
  await until("it is asked again", () => agent.asked.length === 2);
  await opened.bare.shutDown();
  assert.equal(agent.asked[1]?.signal.aborted, true);
});

test("a title that the end of the process cut is asked for after the next exchange", async () => {
  using folder = tempDir();
  {
    const agent = namingAgent();
    await using opened = await open(agent, { dataDir: folder.path });
    await opened.exchange("hello");
    await until("it is asked", () => agent.asked.length === 1);
  }
  const agent = namingAgent();
  await using opened = await open(agent, { dataDir: folder.path });
  await opened.bare.say("c1", "hello again", { messageId: "later" });
  await until("it is asked", () => agent.asked.length === 1);
  agent.asked[0]?.give(titled("Greetings"));
  await until("it has a title", () => opened.session().title === "Greetings");
});

test("agents that can't, and gateways that are not to, leave the title to the text", async () => {
  const mute = namingAgent();
  const { complete: _, ...unableToName } = mute;
  await using without = await open(unableToName);
  await without.exchange("hello");
  const agent = namingAgent();
  await using off = await open(agent, { titles: "text" });
  await off.exchange("hello");
  await off.exchange("hello again");
  assert.equal(mute.asked.length + agent.asked.length, 0);
  assert.equal(without.session().title, null);
});

test("an agent that breaks its word and throws names nothing, and harms nothing", async () => {
  let asked = 0;
  const broken: AgentBackend = {
    ...namingAgent(),
    complete: () => {
      asked += 1;
      throw new Error("no");
    },
  };
  await using opened = await open(broken);
  await opened.exchange("hello");
  await until("it was asked", () => asked === 1);
  await opened.exchange("again");
  await until("it was asked again", () => asked === 2);
  assert.equal(opened.session().title, null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { until } from "../support/until.ts";

const rolesOf = (lines: readonly { role: string; content: string }[]) =>
  lines.map(({ role, content }) => `${role}: ${content}`);

test("/stop ends the running turn, keeps what there is of the answer and marks it", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await bare.say("c", "a long story");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "Once upon" });
  await bare.say("c", "/stop");
  await until("both are said", () => bare.adapter.posts.length === 2);
  assert.deepEqual(bare.adapter.textsIn("c").sort(), ["Once upon\n\n*(stopped)*", "Stopped."]);
  const lines = bare.store.transcript(agent.requests[0]?.sessionId ?? "", { limit: 10 });
  assert.deepEqual(rolesOf(lines), ["user: a long story", "assistant: Once upon"]);
  assert.deepEqual(lines[1]?.extra, { incomplete: "stopped" });
  await bare.say("c", "go on");
  await until("the next turn runs", () => agent.requests.length === 2);
  agent.running.at(-1)?.answer("and so on");
});

test("/stop ends an agent that does not obey within a second", async () => {
  const agent = scriptedAgent({ obeysStop: false });
  await using bare = await bareGateway({ agent });
  await bare.say("c", "hello");
  await until("the agent works", () => agent.running.length === 1);
  const startedMs = performance.now();
  await bare.say("c", "/stop");
  await until("the turn is over", () => bare.gateway.status().runningTurns === 0);
  assert.ok(performance.now() - startedMs < 2_500);
});

test("/stop where nothing runs says so", async () => {
  await using bare = await bareGateway();
  await bare.say("c", "/stop");
  await until("it is answered", () => bare.adapter.posts.length === 1);
  assert.deepEqual(bare.adapter.textsIn("c"), ["Nothing is running here."]);
});

test("what waits when a turn is stopped is kept, and answered when somebody says so", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "collect" } });
  for (const text of ["one", "two", "three"]) await bare.say("c", text);
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("c", "/stop");
  await until("it is said", () => bare.adapter.posts.length === 1);
  assert.match(bare.adapter.textsIn("c")[0] ?? "", /^Stopped. 2 messages wait: \/queue go answers them/);
  assert.deepEqual(
    bare.adapter.posts[0]?.buttons.map(({ command }) => command),
    ["/queue go", "/queue clear"],
  );
  await until("the turn is over", () => bare.gateway.status().runningTurns === 0);
  assert.equal(agent.requests.length, 1, "nothing runs by itself");
  await bare.say("c", "/queue go");
  await until("they are answered", () => agent.requests.length === 2);
  assert.equal(agent.requests[1]?.message.text, "two\n\nthree");
  agent.running.at(-1)?.answer("both");
});

test("what waits when a turn is stopped can be dropped, and the next message is answered alone", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "collect" } });
  for (const text of ["one", "two"]) await bare.say("c", text);
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("c", "/stop");
  await bare.say("c", "/queue clear");
  await until("it is said", () => bare.adapter.posts.length === 2);
  await bare.say("c", "three");
  await until("it is answered", () => agent.requests.length === 2);
  assert.equal(agent.requests[1]?.message.text, "three");
  agent.running.at(-1)?.answer("3");
  await until("nothing is left", () => bare.store.stats().inbox.waiting === 0);
});

test("/status and /help don't wait behind a running turn", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent });
  await bare.say("c", "hello");
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("c", "more");
  await bare.say("c", "/status");
  await bare.say("c", "/help");
  await until("both are answered", () => bare.adapter.posts.length === 2);
  assert.match(bare.adapter.textsIn("c")[0] ?? "", /working on an answer for a moment; 1 more waiting/);
  agent.running[0]?.answer("one");
  await until("the next turn runs", () => agent.requests.length === 2);
  agent.running.at(-1)?.answer("two");
});

test("interrupt: a message that arrives ends the running turn, and is answered with all that waits", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "interrupt" } });
  await bare.say("c", "one");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "half" });
  await bare.say("c", "no, two");
  await until("the next turn runs", () => agent.requests.length === 2);
  agent.running.at(-1)?.answer("two it is");
  await until("both are said", () => bare.adapter.posts.length === 2);
  assert.deepEqual(bare.adapter.textsIn("c"), ["half\n\n*(stopped)*", "two it is"]);
  const lines = bare.store.transcript(agent.requests[0]?.sessionId ?? "", { limit: 10 });
  assert.deepEqual(lines[1]?.extra, { incomplete: "interrupted" });
});

test("steer: what is said while the agent works is told to it, and belongs to the same turn", async () => {
  const inner = scriptedAgent();
  const agent: AgentBackend & typeof inner = Object.assign(inner, { takesSteering: true as const });
  await using bare = await bareGateway({ agent, queue: { mode: "steer" } });
  await bare.say("c", "find a train");
  await until("the agent works", () => agent.running.length === 1);
  const told = await bare.say("c", "after nine");
  assert.deepEqual(agent.requests[0]?.takeSteering(), ["after nine"]);
  assert.deepEqual(agent.requests[0]?.takeSteering(), []);
  await bare.say("c", "and cheap");
  agent.running[0]?.answer("the 9:15");
  await until("what came too late is the next turn", () => agent.requests.length === 2);
  assert.equal(agent.requests[1]?.message.text, "and cheap");
  agent.running.at(-1)?.answer("the 9:45");
  await until("both are answered", () => bare.adapter.posts.length === 2);
  const lines = bare.store.transcript(agent.requests[0]?.sessionId ?? "", { limit: 10 });
  assert.deepEqual(rolesOf(lines), [
    "user: find a train",
    "user: after nine",
    "assistant: the 9:15",
    "user: and cheap",
    "assistant: the 9:45",
  ]);
  assert.deepEqual(
    lines.map(({ seq }) => seq),
    [1, 2, 3, 4, 5],
  );
  assert.ok("inboxId" in told);
  assert.equal(bare.store.stats().inbox.waiting, 0);
});

test("/queue chooses the mode of a conversation, and default takes it back", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "followup" } });
  await bare.say("c", "one");
  await until("the agent works", () => agent.running.length === 1);
  await bare.say("c", "/queue collect");
  await bare.say("c", "/queue sideways");
  for (const text of ["two", "three"]) await bare.say("c", text);
  agent.running[0]?.answer("1");
  await until("the next turn runs", () => agent.requests.length === 2);
  assert.equal(agent.requests[1]?.message.text, "two\n\nthree");
  await bare.say("c", "/queue default");
  for (const text of ["four", "five"]) await bare.say("c", text);
  agent.running.at(-1)?.answer("2");
  await until("the next one runs", () => agent.requests.length === 3);
  assert.equal(agent.requests[2]?.message.text, "four");
  agent.running.at(-1)?.answer("4");
  await until("the last one runs", () => agent.requests.length === 4);
  agent.running.at(-1)?.answer("5");
  await until("all is said", () => bare.adapter.posts.length === 7);
  assert.ok(bare.adapter.textsIn("c").some((text) => text.includes("There is no queue mode")));
});

test("what an agent asks to do is allowed or refused by the person it works for, not by others", async () => {
  const agent = scriptedAgent();
  const admit = () => ({ kind: "admitted", isAdmin: false }) as const;
  await using bare = await bareGateway({ agent, rules: { admit } });
  const ann = { chatType: "thread", threadId: "7", userId: "ann", userName: "Ann" } as const;
  const bob = { ...ann, userId: "bob", userName: "Bob" };
  await bare.say("g", "tidy up", { source: ann });
  await until("the agent works", () => agent.requests.length === 1);
  const asking = agent.requests[0]?.askApproval({ title: "Delete files", detail: "rm -r `tmp`" });
  await until("the question is posted", () => bare.adapter.posts.length === 1);
  const [question] = bare.adapter.posts;
  assert.match(question?.text ?? "", /^May I\? Delete files\n```\nrm -r `tmp`\n```/);
  const [approve] = question?.buttons ?? [];
  await bare.say("g", approve?.command ?? "", { source: bob });
  await until("he is told", () => bare.adapter.posts.length === 2);
  assert.match(bare.adapter.posts[1]?.text ?? "", /Only the person I work for/);
  await bare.say("g", approve?.command ?? "", { source: ann });
  assert.equal(await asking, true);
  const second = agent.requests[0]?.askApproval({ title: "Delete more", detail: "" });
  await until("the question is posted", () => bare.adapter.posts.length === 4);
  await bare.say("g", "/deny", { source: ann });
  assert.equal(await second, false);
  const third = agent.requests[0]?.askApproval({ title: "Delete all", detail: "" });
  agent.running[0]?.answer("done");
  assert.equal(await third, false, "a question ends with its turn");
});

test("tools reach no further than who asked: history of this conversation, messages to this chat", async () => {
  const agent = scriptedAgent();
  const admit = ({ source }: { source: { userId: string | null } }) =>
    ({ kind: "admitted", isAdmin: source.userId === "boss" }) as const;
  await using bare = await bareGateway({ agent, rules: { admit } });
  const answerTurn = async (turn: number, text: string) => {
    await until("the agent works", () => agent.requests.length === turn);
    agent.running.at(-1)?.answer(text);
    await until("it is answered", () => bare.gateway.status().runningTurns === 0);
  };
  await bare.say("secret", "the code is swordfish", { source: { userId: "eve" } });
  await answerTurn(1, "noted");
  await bare.say("c", "the colour is blue", { source: { userId: "u" } });
  await answerTurn(2, "noted");
  await bare.say("c", "/new");
  await bare.say("c", "what was the colour?", { source: { userId: "u" } });
  await until("the agent works", () => agent.requests.length === 3);
  const call = async (name: string, input: unknown) =>
    await agent.requests[2]?.tools.find((tool) => tool.name === name)?.run(input);
  assert.match((await call("search_history", { query: "colour" })) ?? "", /user: the colour is blue/);
  assert.equal(await call("search_history", { query: "swordfish" }), "Nothing was found.");
  assert.match((await call("search_history", { query: 7 })) ?? "", /^Wrong input/);
  assert.equal(await call("read_history", {}), "There are no lines before that.");
  assert.match((await call("send_message", { target: "memory:secret", text: "hi" })) ?? "", /^Not sent: whoever asked/);
  // A thread of the very chat may be a private one.
  assert.match((await call("send_message", { target: "memory:c:7", text: "hi" })) ?? "", /^Not sent: whoever asked/);
  assert.match((await call("send_message", { target: "origin", text: "first this" })) ?? "", /when this turn ends/);
  assert.equal(bare.adapter.textsIn("c").includes("first this"), false);
  agent.running.at(-1)?.answer("blue");
  await until("both are said", () => bare.adapter.textsIn("c").includes("first this"));
  await bare.say("c", "tell them", { source: { userId: "boss" } });
  await until("the agent works", () => agent.requests.length === 4);
  await agent.requests[3]?.tools
    .find((tool) => tool.name === "send_message")
    ?.run({ target: "memory:secret", text: "hello there" });
  agent.running.at(-1)?.answer("told");
  await until("it is said there", () => bare.adapter.textsIn("secret").includes("hello there"));
});

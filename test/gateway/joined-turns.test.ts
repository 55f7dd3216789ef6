import assert from "node:assert/strict";
import { test } from "node:test";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const start = Date.UTC(2026, 0, 1);
const image = { kind: "image", mimeType: "image/png", sizeBytes: 10, name: "a.png", reference: "file-1" } as const;

test("what arrives while a turn runs becomes one next turn, a line each, and all of it is answered", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "collect" } });
  await bare.say("c", "one");
  const two = await bare.say("c", "two");
  const three = await bare.say("c", "three");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.answer("first");
  await until("the next turn runs", () => agent.requests.length === 2);
  assert.equal(agent.requests[1]?.message.text, "two\n\nthree");
  agent.running[0]?.answer("second");
  const sessionId = agent.requests[1]?.sessionId ?? "";
  await until("both are answered", () => bare.adapter.posts.length === 2);
  assert.deepEqual(
    bare.store.transcript(sessionId, { limit: 10 }).map(({ role, content }) => [role, content]),
    [
      ["user", "one"],
      ["assistant", "first"],
      ["user", "two"],
      ["user", "three"],
      ["assistant", "second"],
    ],
  );
  for (const said of [two, three]) {
    assert.ok("inboxId" in said);
    assert.deepEqual(await bare.gateway.waitForReply(said.inboxId, 1_000), { sessionId, text: "second" });
  }
  assert.equal(bare.adapter.posts[1]?.replyToMessageId, "m3");
});

test("a command that waits among messages runs between them", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, queue: { mode: "collect" } });
  await bare.say("c", "one");
  for (const text of ["two", "/whoami", "three"]) await bare.say("c", text);
  for (let turn = 1; turn <= 3; turn++) {
    await until("the agent works", () => agent.requests.length === turn && agent.running.length === 1);
    agent.running[0]?.answer(`answer ${turn}`);
  }
  await until("all are answered", () => bare.adapter.posts.length === 4);
  assert.deepEqual(
    agent.requests.map(({ message }) => message.text),
    ["one", "two", "three"],
  );
  assert.match(bare.adapter.textsIn("c")[2] ?? "", /This chat/);
});

test("messages of a joined turn that was cut run singly at the next start", async () => {
  using folder = tempDir();
  const dying = scriptedAgent();
  {
    await using bare = await bareGateway({
      dataDir: folder.path,
      agent: dying,
      queue: { mode: "collect" },
      limits: { drainMs: 0 },
    });
    for (const text of ["one", "two", "three"]) await bare.say("c", text);
    await until("the agent works", () => dying.running.length === 1);
    dying.running[0]?.answer("first");
    await until("the joined turn runs", () => dying.requests.length === 2);
  }
  const agent = scriptedAgent();
  await using bare = await bareGateway({ dataDir: folder.path, agent, queue: { mode: "collect" } });
  for (const turn of [1, 2]) {
    await until("the agent works", () => agent.requests.length === turn && agent.running.length === 1);
    agent.running[0]?.answer(`again ${turn}`);
  }
  await until("both are answered", () => bare.store.stats().inbox.running + bare.store.stats().inbox.waiting === 0);
  assert.deepEqual(
    agent.requests.map(({ message }) => message.text),
    ["two", "three"],
  );
  const lines = bare.store.transcript(agent.requests[0]?.sessionId ?? "", { limit: 10 });
  assert.equal(lines.filter(({ role }) => role === "user").length, 3, "each line is there once");
});

test("the parts of an album are one message, in every mode", async () => {
  const clock = fakeClock(start);
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, clock });
  await bare.say("c", "look at these", { attachments: [image], waitsForMore: true });
  await clock.advance(500);
  await bare.say("c", "", { attachments: [{ ...image, reference: "file-2" }], waitsForMore: true });
  await clock.advance(700);
  assert.equal(agent.requests.length, 0);
  await clock.advance(100);
  await until("the agent is asked", () => agent.requests.length === 1);
  assert.match(agent.requests[0]?.message.text ?? "", /^look at these\n\[Attached image: "a.png", image\/png\]\n\n/);
  agent.running[0]?.answer("nice");
  await until("it is answered", () => bare.adapter.posts.length === 1);
});

test("a lone message never waits for others, unless it is told to", async () => {
  const clock = fakeClock(start);
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, clock, queue: { mode: "collect", debounceMs: 2_000 } });
  await bare.say("c", "one");
  await clock.advance(1_500);
  await bare.say("c", "two");
  await clock.advance(1_500);
  assert.equal(agent.requests.length, 0);
  await clock.advance(500);
  await until("the agent is asked", () => agent.requests.length === 1);
  assert.equal(agent.requests[0]?.message.text, "one\n\ntwo");
  agent.running[0]?.answer("both");
});

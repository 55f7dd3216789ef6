import assert from "node:assert/strict";
import { test } from "node:test";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { editableAdapter } from "../support/editable-adapter.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const start = Date.UTC(2026, 0, 1);

/** Posts of 20 characters. */
const editable = () => editableAdapter(20);

test("an answer that takes longer than a second appears as it grows, and ends whole", async () => {
  const clock = fakeClock(start);
  const { adapter, edits, shown } = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, adapter, agent });
  await bare.say("c", "tell me");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "Once upon" });
  await clock.advance(900);
  assert.deepEqual(shown(), []);
  await clock.advance(200);
  await until("the beginning is posted", () => shown().length === 1);
  assert.deepEqual([shown(), adapter.posts[0]?.replyToMessageId], [["Once upon"], "m1"]);
  agent.running[0]?.say({ kind: "text", delta: " a time" });
  await clock.advance(1_000);
  await until("it has grown", () => shown()[0] === "Once upon a time");
  assert.equal(edits.at(-1)?.isFinal, false);
  agent.running[0]?.answer(", there was a daemon.");
  await until("it is whole", () => shown().join("") === "Once upon a time, there was a daemon.");
  assert.equal(adapter.posts.length, 2, "what does not fit goes into a further post");
  await until("nothing waits", () => bare.store.stats().outbox.pending === 0);
  assert.equal(edits.at(-1)?.isFinal, true);
});

test("an answer that is there within a second is posted once", async () => {
  const clock = fakeClock(start);
  const { adapter, edits } = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, adapter, agent });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  await clock.advance(500);
  agent.running[0]?.answer("hello");
  await until("it is posted", () => adapter.posts.length === 1);
  await clock.advance(5_000);
  assert.deepEqual([adapter.posts.length, edits.length], [1, 0]);
});

test("where streaming is off, a slow answer is posted once, whole", async () => {
  const clock = fakeClock(start);
  const { adapter, edits } = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, adapter, agent, rules: { streams: false } });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "slow" });
  for (let second = 0; second < 5; second++) await clock.advance(1_000);
  assert.equal(adapter.posts.length, 0);
  agent.running[0]?.answer("ly");
  await until("it is posted", () => adapter.posts.length === 1);
  assert.deepEqual([adapter.textsIn("c"), edits.length], [["slowly"], 0]);
});

test("a growing post that keeps being refused is whole at the end all the same", async () => {
  const clock = fakeClock(start);
  const { adapter, shown, beforeEdit } = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, adapter, agent });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "a" });
  await clock.advance(1_000);
  await until("it is posted", () => shown().length === 1);
  beforeEdit.act = () => {
    throw new DeliveryError("rate_limited", "429", { certain: true, retryAfterMs: 10_000 });
  };
  agent.running[0]?.say({ kind: "text", delta: "b" });
  for (let second = 0; second < 5; second++) await clock.advance(1_000);
  beforeEdit.act = () => {};
  agent.running[0]?.answer("c");
  for (let second = 0; second < 20; second++) await clock.advance(1_000);
  await until("it is whole", () => shown().join() === "abc");
  assert.equal(adapter.posts.length, 1);
});

test("a growing post that somebody deleted is posted anew at the end", async () => {
  const clock = fakeClock(start);
  const { adapter, beforeEdit } = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, adapter, agent });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "a" });
  await clock.advance(1_000);
  await until("it is posted", () => adapter.posts.length === 1);
  beforeEdit.act = () => {
    throw new DeliveryError("gone", "message to edit not found", { certain: true });
  };
  agent.running[0]?.answer("b");
  await until("it is posted anew", () => adapter.posts.length === 2);
  assert.equal(adapter.posts.at(-1)?.text, "ab");
});

test("a turn that was cut in the middle goes on in the post it had begun", async () => {
  using folder = tempDir();
  const first = editable();
  const dying = scriptedAgent();
  const clock = fakeClock(start);
  {
    await using bare = await bareGateway({
      dataDir: folder.path,
      clock,
      adapter: first.adapter,
      agent: dying,
      limits: { drainMs: 0 },
    });
    await bare.say("c", "hi");
    await until("the agent works", () => dying.running.length === 1);
    dying.running[0]?.say({ kind: "text", delta: "half an" });
    await clock.advance(1_000);
    await until("the beginning is posted", () => first.adapter.posts.length === 1);
    await until("its id is kept", () => bare.store.stats().outbox.pending === 0);
  }
  const second = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ dataDir: folder.path, clock, adapter: second.adapter, agent });
  await until("the agent is asked again", () => agent.running.length === 1);
  agent.running[0]?.answer("a whole answer");
  await until("the post is edited", () => second.edits.length === 1);
  const post = first.adapter.posts[0];
  assert.deepEqual(
    [second.edits[0]?.postId, second.edits[0]?.text, second.adapter.posts.length],
    [`post-${post?.outboxId}`, "a whole answer", 0],
  );
  await until("nothing waits", () => bare.store.stats().outbox.pending === 0);
});

test("a place with drafts shows the answer in one, and posts it once", async () => {
  const clock = fakeClock(start);
  const drafts: string[] = [];
  const { adapter, edits } = editable();
  const drafting = Object.assign(adapter, {
    async draft(_place: unknown, _id: number, markdown: string) {
      drafts.push(markdown);
      return true;
    },
  });
  const agent = scriptedAgent();
  await using bare = await bareGateway({ clock, adapter: drafting, agent });
  await bare.say("c", "hi");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "text", delta: "one" });
  await clock.advance(1_000);
  agent.running[0]?.say({ kind: "text", delta: " two" });
  await clock.advance(1_000);
  await until("both were shown", () => drafts.length === 2);
  agent.running[0]?.answer(" three");
  await until("it is posted", () => adapter.posts.length === 1);
  assert.deepEqual([drafts, adapter.textsIn("c"), edits.length], [["one", "one two"], ["one two three"], 0]);
});

test("an answer longer than a chat bears is a beginning and a file, and whole in the transcript", async () => {
  const { adapter } = editable();
  const agent = scriptedAgent();
  await using bare = await bareGateway({ adapter, agent });
  await bare.say("c", "everything");
  await until("the agent works", () => agent.running.length === 1);
  const whole = "all of it. ".repeat(6_000);
  agent.running[0]?.answer(whole);
  await until("it is posted", () => adapter.posts.some(({ file }) => file !== null));
  const file = adapter.posts.at(-1)?.file;
  assert.deepEqual([file?.name, file?.sizeBytes], ["answer.md", whole.length]);
  assert.ok(adapter.textsIn("c").join("").includes("The whole answer is in the file."));
  assert.ok(adapter.posts.length < 200);
  const lines = bare.store.transcript(agent.requests[0]?.sessionId ?? "", { limit: 2 });
  assert.equal(lines[1]?.content, whole);
});

test("who reads our own store is told where a file is", async () => {
  const adapter = memoryAdapter({ deliversOnStore: true });
  const agent = scriptedAgent();
  await using bare = await bareGateway({ adapter, agent });
  const said = await bare.say("c", "the report");
  await until("the agent works", () => agent.running.length === 1);
  agent.running[0]?.say({ kind: "file", name: "report.txt", mimeType: "text/plain", data: Buffer.from("12345") });
  agent.running[0]?.answer("here");
  assert.ok("inboxId" in said);
  const reply = await bare.gateway.waitForReply(said.inboxId, 5_000);
  assert.match(reply?.text ?? "", /^here\n\nFile: report.txt, 5 bytes, in the data directory as `media\/.*\/out-/);
});

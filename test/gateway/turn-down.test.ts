import assert from "node:assert/strict";
import { test } from "node:test";
import { TELL_AGAIN_MS } from "../../src/gateway/turn-down.ts";
import { selectInboxOfMessage } from "../../src/store/inbox.ts";
import { bareGateway, person } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { scriptedAgent } from "../support/scripted-agent.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const TOO_LONG = "ä".repeat(32 * 1024 + 1);
const TOLD_TOO_LONG = "That message is too long: at most 64 KiB.";
const TOLD_FULL = "Too many messages are waiting here. Please wait for an answer first.";

test("beyond maxPending the sender is told, once, and no turn comes of it", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, limits: { maxPending: 2, drainMs: 0 } });
  const kinds: string[] = [];
  for (let n = 0; n < 5; n++) kinds.push((await bare.say("c", `m${n}`)).kind);
  assert.deepEqual(kinds, ["accepted", "accepted", "accepted", "refused", "refused"]);
  assert.deepEqual(bare.store.stats().inbox, { waiting: 2, running: 1, dead: 0 });
  await until("it is told", () => bare.adapter.posts.length > 0);
  const [post] = bare.adapter.posts;
  assert.deepEqual([post?.text, post?.replyToMessageId, bare.adapter.posts.length], [TOLD_FULL, "m4", 1]);
});

test("copies of one message take the room of one, and nothing that is new is turned down for them", async () => {
  const agent = scriptedAgent();
  await using bare = await bareGateway({ agent, limits: { maxPending: 2, drainMs: 0 } });
  const ids = ["a", "a", "a", "a", "b", "a", "b", "b", "c", "c", "b", "d", "a"];
  const kinds = await Promise.all(ids.map(async (messageId) => (await bare.say("c", messageId, { messageId })).kind));
  const firsts = ids.map((id, at) => (ids.indexOf(id) === at ? (id === "d" ? "refused" : "accepted") : "duplicate"));
  assert.deepEqual(kinds, firsts);
  assert.deepEqual(bare.store.stats().inbox, { waiting: 2, running: 1, dead: 0 });
});

test("each conversation is told each reason, again after a while", async () => {
  const clock = fakeClock(Date.UTC(2026, 0));
  await using bare = await bareGateway({ clock });
  const inThread = { source: { chatType: "thread", threadId: "t" } } as const;
  for (let n = 0; n < 3; n++) await bare.say("a", TOO_LONG);
  await bare.say("b", TOO_LONG);
  await bare.say("a", TOO_LONG, inThread);
  await clock.advance(TELL_AGAIN_MS);
  await bare.say("a", TOO_LONG);
  await until("all are told", () => bare.adapter.posts.length === 4);
  assert.deepEqual(
    bare.adapter.posts.map(({ chatId, threadId, text }) => [chatId, threadId, text]),
    [
      ["a", null, TOLD_TOO_LONG],
      ["b", null, TOLD_TOO_LONG],
      ["a", "t", TOLD_TOO_LONG],
      ["a", null, TOLD_TOO_LONG],
    ],
  );
});

test("what was turned down is known: a redelivery neither tells of it again nor answers it", async () => {
  const clock = fakeClock(Date.UTC(2026, 0));
  await using bare = await bareGateway({ clock });
  const first = await bare.say("c", TOO_LONG, { messageId: "x" });
  assert.deepEqual(first, { kind: "refused", reason: "too_long", message: TOLD_TOO_LONG });
  await clock.advance(TELL_AGAIN_MS);
  assert.equal((await bare.say("c", TOO_LONG, { messageId: "x" })).kind, "duplicate");
  await until("it is told", () => bare.adapter.posts.length > 0);
  assert.equal(bare.adapter.posts.length, 1);
  const at = { platform: "memory", account: "default", chatId: "c", messageId: "x" };
  const row = selectInboxOfMessage(bare.store.reader, at);
  assert.partialDeepStrictEqual(row, { state: "done", payload: null, error: "refused: too_long" });
});

test("the word to its sender is on disk before the platform is confirmed to", async () => {
  const adapter = memoryAdapter();
  const delivering = Promise.withResolvers<void>();
  adapter.beforePost = () => delivering.promise;
  await using bare = await bareGateway({ adapter });
  await bare.say("c", TOO_LONG);
  assert.deepEqual(rowsOf(bare.store.reader, "SELECT kind, text, state FROM outbox"), [
    { kind: "notice", text: TOLD_TOO_LONG, state: "pending" },
  ]);
  delivering.resolve();
});

test("an adapter that answers its sender itself is left to it, and nothing is stored", async () => {
  await using bare = await bareGateway();
  const message = { messageId: "x", text: TOO_LONG, attachments: [], source: person("c") };
  assert.equal((await bare.gateway.accept(message, { answersSender: true })).kind, "refused");
  const counted = "SELECT (SELECT count(*) FROM outbox) AS posts, (SELECT count(*) FROM inbox) AS messages";
  assert.deepEqual(rowsOf(bare.store.reader, counted), [{ posts: 0, messages: 0 }]);
});

test("a refusal that can't be stored is none: the message is delivered again, and its sender is told then", async () => {
  await using bare = await bareGateway();
  const [row] = rowsOf(bare.store.reader, "PRAGMA page_count");
  rowsOf(bare.store.reader, `PRAGMA max_page_count = ${Number(row?.page_count)}`);
  const messageId = "x".repeat(50_000);
  await assert.rejects(bare.say("c", TOO_LONG, { messageId }), { kind: "full" });
  rowsOf(bare.store.reader, "PRAGMA max_page_count = 100000");
  assert.equal((await bare.say("c", TOO_LONG, { messageId })).kind, "refused");
  await until("it is told", () => bare.adapter.posts.length === 1);
});

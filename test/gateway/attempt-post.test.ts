import assert from "node:assert/strict";
import { test } from "node:test";
import type { PostEdit } from "../../src/message/message.ts";
import type { FoundPost } from "../../src/platform/adapter.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { deleteMeta } from "../../src/store/meta.ts";
import { insertOutbox, selectDeadOutbox } from "../../src/store/outbox.ts";
import { openStore } from "../../src/store/store.ts";
import { bareGateway, neverResets } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const start = Date.UTC(2026, 0, 1);
const testRules = {
  keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
  resets: { default: neverResets, byChatType: {}, byPlatform: {} },
};
const waiting = {
  inboxId: null,
  session: null,
  kind: "message",
  replyTo: null,
  state: "pending",
  sentAtMs: null,
  file: null,
  buttons: null,
  privateTo: null,
  grows: 0,
} as const;
const unanswered = () => new DeliveryError("unreachable", "no answer", { certain: false });

/** A platform whose first post arrives without an answer; `found` is what it says when it is asked. */
function doubtful(found: FoundPost | DeliveryError) {
  const asked: number[] = [];
  const adapter = memoryAdapter({
    async findPost(message) {
      asked.push(message.outboxId);
      if (found instanceof DeliveryError) throw found;
      return found;
    },
  });
  let isFirst = true;
  const send = adapter.send.bind(adapter);
  adapter.send = async (message) => {
    const postId = await send(message);
    if (!isFirst) return postId;
    isFirst = false;
    throw unanswered();
  };
  return { adapter, asked };
}

test("a post that may have arrived is looked for, and not posted again when it is there", async () => {
  const clock = fakeClock(start);
  const { adapter, asked } = doubtful({ kind: "found", postId: "post-9" });
  await using bare = await bareGateway({ clock, adapter });
  await bare.say("c", "/whoami");
  await until("it was tried", () => adapter.posts.length === 1);
  await clock.advance(2_000);
  await until("it is noted as sent", () => bare.store.stats().outbox.pending === 0);
  assert.deepEqual([adapter.posts.length, asked.length], [1, 1]);
});

test("one that can be changed is made sure of: what arrived may be the beginning of an answer that has ended since", async () => {
  const clock = fakeClock(start);
  const { adapter } = doubtful({ kind: "found", postId: "post-9" });
  const edits: PostEdit[] = [];
  const edit = async (change: PostEdit) => void edits.push(change);
  await using bare = await bareGateway({ clock, adapter: Object.assign(adapter, { edit }) });
  await bare.say("c", "/whoami");
  await until("it was tried", () => adapter.posts.length === 1);
  await clock.advance(2_000);
  await until("it is noted as sent", () => bare.store.stats().outbox.pending === 0);
  const whole = adapter.posts[0]?.text;
  assert.deepEqual(
    edits.map(({ postId, text, isFinal }) => [postId, text, isFinal]),
    [["post-9", whole, true]],
  );
  assert.equal(adapter.posts.length, 1);
});

test("a post that did not arrive is posted again", async () => {
  const clock = fakeClock(start);
  const { adapter } = doubtful({ kind: "absent" });
  await using bare = await bareGateway({ clock, adapter });
  await bare.say("c", "/whoami");
  await until("it was tried", () => adapter.posts.length === 1);
  await clock.advance(2_000);
  await until("it is noted as sent", () => bare.store.stats().outbox.pending === 0);
  assert.equal(adapter.posts.length, 2);
});

test("a platform that can't be asked now is asked again later, and nothing is posted meanwhile", async () => {
  const clock = fakeClock(start);
  const { adapter, asked } = doubtful(new DeliveryError("unreachable", "down", { certain: true }));
  await using bare = await bareGateway({ clock, adapter });
  await bare.say("c", "/whoami");
  await until("it was tried", () => adapter.posts.length === 1);
  for (let second = 0; second < 20; second++) await clock.advance(1_000);
  assert.ok(asked.length > 2);
  assert.equal(adapter.posts.length, 1);
});

test("a post of which nobody can say whether it arrived is sent again once, and then left to the operator", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  const send = adapter.send.bind(adapter);
  adapter.send = async (message) => {
    await send(message);
    throw unanswered();
  };
  await bare.say("c", "/whoami");
  for (let minute = 0; minute < 20; minute++) await clock.advance(60_000);
  await until("it is given up", () => bare.store.stats().outbox.dead === 1);
  assert.equal(adapter.posts.length, 2);
  assert.match(selectDeadOutbox(bare.store.reader, 99, 1)[0]?.error ?? "", /^in doubt: it may have arrived/);
});

test("with hold, such a post is not sent again at all", async () => {
  const clock = fakeClock(start);
  const { adapter } = doubtful({ kind: "unknown" });
  await using bare = await bareGateway({ clock, adapter, rules: { onAmbiguousSend: "hold" } });
  await bare.say("c", "/whoami");
  await bare.say("c", "/help");
  await until("it was tried", () => adapter.posts.length === 1);
  await clock.advance(2_000);
  await until("it is held and the next one goes on", () => adapter.posts.length === 2);
  assert.deepEqual(bare.store.stats().outbox, { pending: 0, dead: 1 });
});

test("after a crash the first post of each conversation is in doubt, and after an orderly stop none is", async () => {
  using folder = tempDir();
  const asked: string[] = [];
  const refusing = memoryAdapter();
  refusing.beforePost = () => {
    throw new DeliveryError("unreachable", "down", { certain: true });
  };
  const asking = () =>
    memoryAdapter({
      async findPost(message) {
        asked.push(message.text);
        return { kind: "absent" };
      },
    });
  {
    await using bare = await bareGateway({ dataDir: folder.path, adapter: refusing, clock: fakeClock(start) });
    await bare.say("one", "/whoami");
    await bare.say("one", "/help");
    await until("both are written", () => bare.store.stats().outbox.pending === 2);
    await until("the first was tried", () => bare.store.stats().inbox.running === 0);
  }
  {
    const adapter = asking();
    await using bare = await bareGateway({ dataDir: folder.path, adapter, clock: fakeClock(start + 60_000) });
    await until("both are posted", () => adapter.posts.length === 2);
    assert.deepEqual(asked, [], "the process before ended in order");
    await bare.gateway.send({ platform: "memory", account: "default", chatId: "two", threadId: null }, "three");
    await until("it is posted", () => adapter.posts.length === 3);
    // A process that dies leaves the row as it was before it noted what came of it.
    await bare.store.write((tx) => {
      const place = { platform: "memory", account: "default", chatId: "three", threadId: null };
      for (const text of ["first", "second"]) {
        insertOutbox(tx, { ...place, ...waiting, text, nowMs: start });
      }
    });
    await bare.shutDown();
  }
  {
    const store = await openStore({ dataDir: folder.path, rules: testRules });
    await store.write((tx) => deleteMeta(tx, "outbox_settled"));
    await store[Symbol.asyncDispose]();
    const adapter = asking();
    await using bare = await bareGateway({ dataDir: folder.path, adapter, clock: fakeClock(start + 90_000) });
    await until("both are posted", () => adapter.posts.length === 2);
    assert.deepEqual(asked, ["first"]);
    await until("both are noted", () => bare.store.stats().outbox.pending === 0);
  }
});

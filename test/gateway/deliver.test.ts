import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { test } from "node:test";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { selectDeadOutbox } from "../../src/store/outbox.ts";
import { bareGateway } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryAdapter } from "../support/memory-adapter.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const start = Date.UTC(2026, 0, 1);

test("a post that fails is tried again with growing waits, and holds up its own conversation alone", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  const tries: number[] = [];
  adapter.beforePost = (message) => {
    if (message.chatId !== "bad") return;
    tries.push(clock.nowMs() - start);
    if (tries.length < 5) throw new DeliveryError("unreachable", "connection refused", { certain: true });
  };
  await bare.say("bad", "/whoami");
  await bare.say("bad", "/help");
  await bare.say("good", "/whoami");
  await until("the other chat is answered", () => adapter.textsIn("good").length === 1);
  for (let second = 0; second < 20; second++) await clock.advance(1_000);
  await until("the first chat is answered too", () => adapter.textsIn("bad").length === 2);
  assert.deepEqual(tries.slice(0, 5), [0, 1_000, 3_000, 7_000, 15_000]);
  assert.match(adapter.textsIn("bad")[0] ?? "", /This chat/, "in order");
});

test("a platform that says when is obeyed", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  const tries: number[] = [];
  adapter.beforePost = () => {
    tries.push(clock.nowMs() - start);
    if (tries.length === 1) throw new DeliveryError("rate_limited", "429", { certain: true, retryAfterMs: 37_000 });
  };
  await bare.say("c", "/whoami");
  await until("it was tried", () => tries.length === 1);
  await clock.advance(36_999);
  assert.equal(tries.length, 1);
  await clock.advance(1);
  await until("it is tried again", () => tries.length === 2);
});

test("what the platform refuses for good is a dead letter at once, and the lane goes on", async () => {
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ adapter });
  adapter.beforePost = (message) => {
    if (message.text.startsWith("You:")) throw new DeliveryError("forbidden", "bot was blocked", { certain: true });
  };
  await bare.say("c", "/whoami");
  await bare.say("c", "/help");
  await until("the second is posted", () => adapter.posts.length === 1);
  const [dead] = selectDeadOutbox(bare.store.reader, 1_000, 10);
  assert.equal(dead?.error, "forbidden: bot was blocked");
});

test("a file that the platform does not take is named in its place, and what follows goes out", async () => {
  const adapter = memoryAdapter();
  const agent = {
    name: "painter",
    async *run() {
      yield { kind: "text", delta: "Here it is." } as const;
      yield { kind: "file", name: "a`b\n.png", mimeType: "image/png", data: new Uint8Array(2_000) } as const;
      yield { kind: "done" } as const;
    },
  };
  await using bare = await bareGateway({ adapter, agent });
  for (const kind of ["too_long", "bad_format", "forbidden"] as const) {
    adapter.beforePost = (message) => {
      if (message.file !== null) throw new DeliveryError(kind, "no", { certain: true });
    };
    await bare.say(kind, "paint");
    await bare.say(kind, "/help");
    const expected = kind === "forbidden" ? 2 : 3;
    await until("all is posted", () => adapter.textsIn(kind).length === expected);
  }
  await until("the three files are given up", () => bare.store.stats().outbox.dead === 3);
  const instead = (chat: string) => adapter.textsIn(chat).find((text) => text.startsWith("I could not send"));
  assert.equal(instead("too_long"), "I could not send `a'b .png`: with 2000 bytes it is too large for this chat.");
  assert.equal(instead("bad_format"), "I could not send `a'b .png`: this chat does not take it.");
  assert.equal(instead("forbidden"), undefined);
});

test("after a day of failures a post is given up", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  adapter.beforePost = () => {
    throw new DeliveryError("unreachable", "down", { certain: true });
  };
  await bare.say("c", "/whoami");
  const quarters = async (count: number) => {
    for (let quarter = 0; quarter < count; quarter++) await clock.advance(15 * 60_000);
  };
  await quarters(4 * 23);
  assert.deepEqual([bare.store.stats().outbox.pending, bare.store.stats().outbox.dead], [1, 0]);
  await quarters(4 + 2);
  await until("it is dead", () => bare.store.stats().outbox.dead === 1);
  assert.equal(selectDeadOutbox(bare.store.reader, 1_000, 10)[0]?.error, "unreachable: down");
});

test("a failure that nobody understands is one in doubt: sent once more, and then left to the operator", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  let attempts = 0;
  adapter.beforePost = () => {
    attempts += 1;
    throw new Error("some bug of an SDK");
  };
  await bare.say("c", "/whoami");
  for (let minute = 0; minute < 10; minute++) await clock.advance(60_000);
  await until("it is dead", () => bare.store.stats().outbox.dead === 1);
  assert.equal(attempts, 2);
});

test("a post that waited while the daemon was down goes out at the next start, with its attempt counted", async () => {
  using folder = tempDir();
  {
    const adapter = memoryAdapter();
    adapter.beforePost = () => {
      throw new DeliveryError("unreachable", "down", { certain: true });
    };
    const clock = fakeClock(start);
    await using first = await bareGateway({ adapter, clock, dataDir: folder.path });
    await first.say("c", "/whoami");
    await until("it was tried", () => first.store.stats().outbox.pending === 1);
  }
  const clock = fakeClock(start + 3_600_000);
  await using second = await bareGateway({ clock, dataDir: folder.path });
  await until("it is posted", () => second.adapter.posts.length === 1);
  assert.equal(second.adapter.posts[0]?.attempt, 2);
});

test("posts of one conversation leave in order, whatever their number", async () => {
  const adapter = memoryAdapter({ split: (text) => text.split("|") });
  adapter.beforePost = async () => {
    await new Promise((resolve) => setImmediate(resolve));
  };
  const agent = {
    name: "many",
    async *run() {
      yield { kind: "text", delta: "1|2|3|4|5" } as const;
      yield { kind: "done" } as const;
    },
  };
  await using bare = await bareGateway({ adapter, agent });
  await bare.say("c", "go");
  await bare.say("c", "again");
  await until("all are posted", () => adapter.posts.length === 10);
  assert.equal(adapter.textsIn("c").join(""), "1234512345");
  assert.equal(
    adapter.posts.filter((post) => post.replyToMessageId !== null).length,
    2,
    "the first piece of each refers",
  );
});

test("a message of our own goes out like an answer", async () => {
  await using bare = await bareGateway();
  const place = { platform: "memory", account: "default", chatId: "c", threadId: null };
  await bare.gateway.send(place, "good morning");
  await until("it is posted", () => bare.adapter.textsIn("c").join() === "good morning");
  await assert.rejects(bare.gateway.send(place, ""), /needs a text/);
});

test("a lane to which a post comes while the gateway stops comes to rest, and the post goes out at the next start", async () => {
  using folder = tempDir();
  const adapter = memoryAdapter();
  {
    await using bare = await bareGateway({ adapter, dataDir: folder.path });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    adapter.beforePost = () => held;
    const place = { platform: "memory", account: "default", chatId: "c", threadId: null };
    await bare.gateway.send(place, "first");
    await bare.gateway.send(place, "second");
    const down = bare.shutDown();
    release();
    await down;
    assert.deepEqual(adapter.textsIn("c"), ["first"]);
  }
  await using next = await bareGateway({ dataDir: folder.path });
  await until("the second is posted", () => next.adapter.textsIn("c").join() === "second");
});

test("a clock that is set back holds up no conversation", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  let isDown = true;
  adapter.beforePost = () => {
    if (isDown) throw new DeliveryError("unreachable", "connection refused", { certain: true });
  };
  await bare.say("c", "/whoami");
  await bare.say("c", "/help");
  await clock.advance(10_000);
  clock.jumpWallClock(start - 2 * 3_600_000);
  isDown = false;
  await clock.advance(20_000);
  await until("both are posted", () => adapter.textsIn("c").length === 2);

  // Also where what waits was stored by a process whose clock was ahead.
  isDown = true;
  await bare.say("d", "/whoami");
  await clock.advance(10_000);
  clock.jumpWallClock(start - 24 * 3_600_000);
  using copy = tempDir();
  cpSync(bare.dataDir, copy.path, { recursive: true });
  const next = memoryAdapter();
  await using again = await bareGateway({ clock, adapter: next, dataDir: copy.path });
  await clock.advance(15 * 60_000);
  await until("it is posted by the next process", () => next.textsIn("d").length === 1);
  assert.equal(again.store.stats().outbox.pending, 0);
});

test("through hours of refusals posts wait on disk, in order: one timer a conversation, and few attempts", async () => {
  const clock = fakeClock(start);
  const adapter = memoryAdapter();
  await using bare = await bareGateway({ clock, adapter });
  const hours = 6;
  let attempts = 0;
  let isDown = true;
  adapter.beforePost = ({ chatId }) => {
    if (!isDown) return;
    attempts += 1;
    throw chatId === "c0"
      ? new DeliveryError("rate_limited", "429", { certain: true, retryAfterMs: 60_000 })
      : new DeliveryError("unreachable", "500", { certain: true });
  };
  const timersBefore = clock.timerCount();
  const [chats, messages] = [20, 30];
  for (let n = 0; n < messages; n++) {
    for (let chat = 0; chat < chats; chat++) await bare.say(`c${chat}`, `message ${n}`);
    await clock.advance((hours * 3_600_000) / messages);
  }
  await until("all have their turns", () => bare.store.stats().inbox.waiting + bare.store.stats().inbox.running === 0);
  assert.equal(bare.store.stats().outbox.pending, chats * messages);
  assert.ok(clock.timerCount() <= timersBefore + chats + 2, `${clock.timerCount()} timers for ${chats} conversations`);
  // Every quarter of an hour in the end, and once a minute where the platform said so.
  assert.ok(attempts < chats * (hours * 4 + 12) + hours * 60, `${attempts} attempts`);
  isDown = false;
  await clock.advance(16 * 60_000);
  await until("all is posted", () => adapter.posts.length === chats * messages);
  for (let chat = 0; chat < chats; chat++) {
    const texts = adapter.textsIn(`c${chat}`).map((text) => text.split("\n")[0]);
    assert.deepEqual(
      texts,
      Array.from({ length: messages }, (_, n) => `message ${n}`),
    );
  }
});

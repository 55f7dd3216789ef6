import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { READ_UPDATES } from "../../../adapters/telegram/poll-updates.ts";
import { faults } from "../../fake/telegram/faults.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { connect } from "./connect.ts";

const texts = (messages: readonly { readonly text: string }[]) => messages.map(({ text }) => text);

suite("reading by long polling", () => {
  test("a message arrives, and is confirmed", async () => {
    await using c = await connect();
    c.telegram.say({ chatId: 1001, text: "hi" });
    await until("it is confirmed", () => c.telegram.unconfirmed() === 0);
    assert.deepEqual(texts(c.intake.messages), ["hi"]);
    assert.ok(c.adapter.health().connected);
    assert.match(c.adapter.health().detail, /^@harness_bot by long polling/);
    assert.deepEqual(c.told.lines, []);
  });

  test("what was said while nobody listened arrives, in order, more than one answer holds", async () => {
    await using c = await connect({ start: false });
    for (let n = 0; n < 250; n++) c.telegram.say({ chatId: 1000 + (n % 3), text: String(n) });
    await c.adapter.start(c.intake);
    await until("all are confirmed", () => c.telegram.unconfirmed() === 0);
    for (const chatId of ["1000", "1001", "1002"]) {
      const numbers = c.intake.messages
        .filter(({ source }) => source.chatId === chatId)
        .map(({ text }) => Number(text));
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      );
    }
    assert.equal(c.intake.messages.length, 250);
  });

  test("a webhook that is set is taken away, and what waits for it is read", async () => {
    await using c = await connect({ start: false });
    c.telegram.webhook = { url: "http://127.0.0.1:9/", secret: null, allowedUpdates: [] };
    c.telegram.say({ chatId: 1001, text: "hi" });
    await c.adapter.start(c.intake);
    await until("it arrives", () => c.intake.messages.length === 1);
    assert.equal(c.telegram.webhook, null);
  });

  test("it is confirmed only when it is stored; other chats don't wait for that", async () => {
    await using c = await connect();
    let store = () => {};
    c.intake.beforeAccept = (message) =>
      message.text === "slow" ? new Promise((resolve) => (store = () => resolve(undefined))) : undefined;
    c.telegram.say({ chatId: 1, text: "slow" });
    c.telegram.say({ chatId: 1, text: "after it" });
    c.telegram.say({ chatId: 2, text: "beside it" });
    await until("both chats are heard", () => c.intake.messages.length === 2);
    assert.deepEqual(texts(c.intake.messages), ["slow", "beside it"]);
    assert.equal(c.telegram.unconfirmed(), 3);
    store();
    await until("all are confirmed", () => c.telegram.unconfirmed() === 0);
    assert.deepEqual(texts(c.intake.messages), ["slow", "beside it", "after it"]);
  });

  test("what can't be stored is tried again until it can, and nothing is skipped", async () => {
    await using c = await connect();
    let isFull = true;
    c.intake.beforeAccept = () => {
      if (isFull) throw new Error("disk full");
      return undefined;
    };
    c.telegram.say({ chatId: 1, text: "first" });
    c.telegram.say({ chatId: 1, text: "second" });
    await until("it is tried twice", () => c.intake.messages.length === 2);
    assert.deepEqual(texts(c.intake.messages), ["first", "first"]);
    assert.equal(c.telegram.unconfirmed(), 2);
    isFull = false;
    await until("all are confirmed", () => c.telegram.unconfirmed() === 0);
    assert.deepEqual(texts(c.intake.messages), ["first", "first", "first", "second"]);
    assert.equal(c.told.lines.length, 1);
  });

  test("an edit, a move and a topic's name reach the core", async () => {
    await using c = await connect();
    const { messageId } = c.telegram.say({ chatId: -7, text: "hi", threadId: 5 });
    c.telegram.change({ chatId: -7, text: "hi there", messageId });
    c.telegram.say({ chatId: -7, threadId: 5, extra: { forum_topic_edited: { name: "Plans" } } });
    c.telegram.say({ chatId: -7, threadId: 5, text: "named" });
    c.telegram.move(-7, -1007);
    c.telegram.say({ chatId: -1007, text: "moved" });
    await until("all are confirmed", () => c.telegram.unconfirmed() === 0);
    assert.deepEqual(
      c.intake.messages.map(({ text, source }) => [text, source.chatTopic]),
      [
        ["hi", null],
        ["named", "Plans"],
        ["moved", null],
      ],
    );
    assert.partialDeepStrictEqual(c.intake.edits, [{ chatId: "-7", messageId: String(messageId), text: "hi there" }]);
    assert.partialDeepStrictEqual(c.intake.moves, [{ fromChatId: "-7", toChatId: "-1007" }]);
  });

  test("posts of a channel are asked for, arrive in its order, and are answered there", async () => {
    await using c = await connect();
    const chat = { id: -1009, type: "channel", title: "News" };
    c.telegram.know(chat.id);
    for (const text of ["one", "two"]) {
      const messageId = text === "one" ? 1 : 2;
      c.telegram.push({ channel_post: { message_id: messageId, date: 1, chat, sender_chat: chat, text } });
    }
    await until("both are confirmed", () => c.telegram.unconfirmed() === 0);
    assert.deepEqual(
      c.intake.messages.map(({ text, source }) => [text, source.chatType]),
      [
        ["one", "channel"],
        ["two", "channel"],
      ],
    );
    assert.ok(["channel_post", "edited_channel_post"].every((kind) => READ_UPDATES.some((read) => read === kind)));
  });

  test("the other parts of an album are meant for whom its caption is meant", async () => {
    await using c = await connect();
    const part = (extra: object) => ({
      chatId: -7,
      extra: { photo: [{ file_id: "p", width: 1, height: 1 }], ...extra },
    });
    const caption = "@harness_bot look";
    const caption_entities = [{ type: "mention", offset: 0, length: 12 }];
    c.telegram.say(part({ media_group_id: "9", caption, caption_entities }));
    c.telegram.say(part({ media_group_id: "9" }));
    c.telegram.say(part({ media_group_id: "10" }));
    await until("all arrive", () => c.intake.messages.length === 3);
    assert.deepEqual(
      c.intake.messages.map(({ addressed }) => addressed),
      ["yes", "yes", "no"],
    );
  });
});

suite("what goes wrong with polls", () => {
  const table = [
    ["the server fails", faults.serverError, /Telegram refused getUpdates: 500/],
    ["the connection is cut", faults.closed, /Telegram was not reached/],
    ["the answer is lost", faults.unanswered, /Telegram was not reached/],
    ["a proxy answers", faults.badGateway, /its answer was no JSON/],
    ["the answer is garbage", faults.garbage, /its answer was no JSON/],
    ["another program polls", faults.secondPoller, /another program reads this bot's messages/],
    ["the token is revoked", faults.unauthorized, /@BotFather/],
    ["too many polls", faults.rateLimited(1), /429/],
  ] as const;
  for (const [name, fault, detail] of table) {
    test(`${name}: it is said, tried again, and said when it is over`, async () => {
      const clock = fakeClock(0);
      await using c = await connect({ clock });
      await until("it polls", () => c.telegram.isPolled());
      c.telegram.fault("getUpdates", fault, { times: 2 });
      await until("it is connected again", async () => {
        // A poll that is cut off when it is answered needs something to be answered with.
        if (c.telegram.isPolled() && c.told.lines.length === 0) c.telegram.say({ chatId: 1001, text: "hi" });
        if (!c.adapter.health().connected) await clock.advance(500);
        return c.told.lines.includes("connected");
      });
      const [lost, ...others] = c.told.lines;
      assert.match(lost ?? "", detail);
      assert.deepEqual(others, ["connected"]);
      assert.ok(!JSON.stringify([c.told.lines, c.told.errors.map(String)]).includes("secret-part"));
      c.telegram.say({ chatId: 1001, text: "again" });
      await until("messages arrive", () => texts(c.intake.messages).includes("again"));
      assert.ok(c.adapter.health().connected);
    });
  }

  test("two programs with one token: both say so, and messages still arrive", async () => {
    await using c = await connect();
    await until("it polls", () => c.telegram.isPolled());
    await using d = await connect({ apiRoot: c.telegram.url });
    await until("the first one says so", () => c.told.lines.length > 0);
    assert.match(c.told.lines[0] ?? "", /another program reads/);
    c.telegram.say({ chatId: 1001, text: "hi" });
    await until("one of them takes it", () => c.telegram.unconfirmed() === 0);
    assert.ok([...c.intake.messages, ...d.intake.messages].every(({ text }) => text === "hi"));
  });

  test("a webhook that somebody sets meanwhile is told apart from a second poller, and left alone", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ clock });
    await until("it polls", () => c.telegram.isPolled());
    c.telegram.webhook = { url: "https://elsewhere.example/", secret: null, allowedUpdates: [] };
    c.telegram.cutConnections();
    await until("it is said", async () => {
      await clock.advance(500);
      return /webhook that another program has set/.test(c.adapter.health().detail);
    });
    assert.ok(c.telegram.webhook !== null);
  });

  test("a poll that is never answered counts as lost", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ clock });
    await until("it polls", () => c.telegram.isPolled());
    c.telegram.fault("getUpdates", faults.hang);
    c.telegram.say({ chatId: 1001, text: "hi" });
    await until("it asks for more", () => c.telegram.callCount("getUpdates") === 2);
    assert.ok(c.adapter.health().connected);
    await clock.advance(40_000);
    await until("it is lost", () => !c.adapter.health().connected);
    assert.match(c.adapter.health().detail, /unanswered/);
    await until("it asks again", async () => {
      await clock.advance(1_000);
      return c.adapter.health().connected;
    });
  });

  test("waits grow from failure to failure, and what Telegram asks for is obeyed", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ clock });
    await until("it polls", () => c.telegram.isPolled());
    c.telegram.fault("getUpdates", faults.rateLimited(20));
    c.telegram.fault("getUpdates", faults.serverError);
    c.telegram.say({ chatId: 1001, text: "hi" });
    await until("it is refused", () => !c.adapter.health().connected);
    const asked = c.telegram.callCount("getUpdates");
    await clock.advance(19_000);
    assert.equal(c.telegram.callCount("getUpdates"), asked);
    await clock.advance(1_000);
    await until("it asks again", () => c.telegram.callCount("getUpdates") === asked + 1);
    await until("that fails", () => clock.timerCount() === 1);
    await clock.advance(900);
    assert.equal(c.telegram.callCount("getUpdates"), asked + 1);
    await clock.advance(100);
    await until("it is connected", () => c.adapter.health().connected);
  });
});

suite("the end of reading", () => {
  test("what was taken is confirmed, what was not is left for the next process", async () => {
    await using c = await connect();
    c.intake.beforeAccept = ({ text }) => {
      if (text === "late") return { kind: "refused", reason: "stopping", message: "bye" };
      return undefined;
    };
    c.telegram.say({ chatId: 1, text: "taken" });
    c.telegram.say({ chatId: 2, text: "late" });
    c.telegram.say({ chatId: 3, text: "taken, too" });
    await until("all were handed over", () => c.intake.messages.length === 3);
    await c.adapter.stop();
    assert.equal(c.telegram.unconfirmed(), 2);
    assert.equal(c.telegram.posts.length, 0);
    assert.deepEqual([c.adapter.health().connected, c.adapter.health().detail], [false, "stopped"]);
  });

  test("what is being stored is waited for, and confirmed", async () => {
    await using c = await connect();
    let store = () => {};
    c.intake.beforeAccept = () => new Promise((resolve) => (store = () => resolve(undefined)));
    c.telegram.say({ chatId: 1, text: "hi" });
    await until("it was handed over", () => c.intake.messages.length === 1);
    let isStopped = false;
    const stopped = c.adapter.stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isStopped, false);
    store();
    await stopped;
    assert.equal(c.telegram.unconfirmed(), 0);
  });

  test("it does not wait for a poll, nor for ever for the last word of a deaf server", async () => {
    await using c = await connect();
    await until("it polls", () => c.telegram.isPolled());
    await c.adapter.stop();
    await until("it polls no more", () => !c.telegram.isPolled());

    await using d = await connect();
    await until("it polls", () => d.telegram.isPolled());
    d.telegram.fault("getUpdates", faults.hang, { times: Number.POSITIVE_INFINITY });
    d.telegram.say({ chatId: 1, text: "hi" });
    await until("it was handed over", () => d.intake.messages.length === 1);
    await d.adapter.stop();
    assert.equal(d.telegram.unconfirmed(), 1);
  });
});

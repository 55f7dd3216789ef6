import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DeliveryError } from "../../../src/platform/delivery-error.ts";
import { faults, refused } from "../../fake/telegram/faults.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { connect, outbound } from "./connect.ts";

suite("drafts", () => {
  const place = { chatId: "1001", threadId: null };

  test("an answer is shown as it grows, in private chats only", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    c.telegram.know(-7);
    assert.equal(await c.adapter.draft?.(place, 3, "**gro"), true);
    assert.equal(await c.adapter.draft?.({ ...place, threadId: "77" }, 3, "**growing**"), true);
    assert.equal(await c.adapter.draft?.({ ...place, chatId: "-7" }, 3, "no"), false);
    assert.deepEqual(
      c.telegram.drafts.map(({ draftId, threadId }) => [draftId, threadId]),
      [
        [3, null],
        [3, "77"],
      ],
    );
    assert.equal(c.telegram.drafts[1]?.text.trim(), "growing");
  });

  test("a server that knows no drafts is asked once", async () => {
    await using c = await connect({ server: { unknownMethods: ["sendMessageDraft"] } });
    c.telegram.know(1001);
    assert.equal(await c.adapter.draft?.(place, 3, "x"), false);
    assert.equal(await c.adapter.draft?.(place, 3, "x"), false);
    assert.equal(c.telegram.callCount("sendMessageDraft"), 1);
  });

  test("a chat without drafts is told apart from one whose limit is reached", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    c.telegram.fault("sendMessageDraft", refused(400, "Bad Request: TEXTDRAFT_PEER_INVALID"));
    assert.equal(await c.adapter.draft?.(place, 3, "x"), false);
    c.telegram.fault("sendMessageDraft", faults.rateLimited(3));
    await assert.rejects(
      async () => c.adapter.draft?.(place, 3, "x"),
      (error) => error instanceof DeliveryError && error.retryAfterMs === 3_000,
    );
    assert.equal(await c.adapter.draft?.(place, 3, "x"), true);
  });
});

suite("signs and menus", () => {
  test("typing is shown in the topic, the General one included", async () => {
    await using c = await connect();
    c.telegram.know(-7);
    for (const threadId of [null, "5", "1"]) await c.adapter.typing?.({ chatId: "-7", threadId, messageId: "3" });
    assert.deepEqual(
      c.telegram.actions.map(({ action, threadId }) => [action, threadId]),
      [
        ["typing", null],
        ["typing", "5"],
        ["typing", "1"],
      ],
    );
    await assert.rejects(
      async () => c.adapter.typing?.({ chatId: "404", threadId: null, messageId: "3" }),
      DeliveryError,
    );
  });

  test("commands are published with what they take", async () => {
    await using c = await connect();
    await c.adapter.publishCommands?.([
      { name: "new", usage: "", summary: "Starts afresh." },
      { name: "resume", usage: "[number]", summary: "Goes back." },
      { name: "Not-One", usage: "", summary: "x" },
    ]);
    assert.deepEqual(c.telegram.commands, [
      { command: "new", description: "Starts afresh." },
      { command: "resume", description: "[number]: Goes back." },
    ]);
    c.telegram.fault("setMyCommands", faults.serverError);
    await assert.rejects(async () => c.adapter.publishCommands?.([]), DeliveryError);
  });
});

suite("buttons", () => {
  test("a press is a message, acknowledged when it is stored; in a private chat the buttons go", async () => {
    await using c = await connect();
    c.telegram.know(1001);
    await c.adapter.send(outbound({ text: "which?", buttons: [{ label: "2", command: "/resume 2" }] }));
    const [post] = c.telegram.posts;
    assert.ok(post);
    let store = () => {};
    c.intake.beforeAccept = () => new Promise((resolve) => (store = () => resolve(undefined)));
    const callbackId = c.telegram.press(post, "/resume 2");
    await until("it is handed over", () => c.intake.messages.length === 1);
    assert.equal(c.telegram.callbackAnswers.length, 0);
    store();
    await until("it is acknowledged, and the buttons are gone", () => {
      return c.telegram.callbackAnswers.length === 1 && post.buttons.length === 0;
    });
    assert.deepEqual(c.telegram.callbackAnswers, [{ callbackId, text: null }]);
    const [pressed] = c.intake.messages;
    assert.deepEqual([pressed?.text, pressed?.source.userId], ["/resume 2", "1001"]);
  });

  test("a press is acknowledged within three seconds though the disk is slower, and told what became of it by a post", async () => {
    const clock = fakeClock(0);
    await using c = await connect({ clock });
    c.telegram.know(-7);
    await c.adapter.send(outbound({ chatId: "-7", threadId: "5", buttons: [{ label: "ok", command: "/approve 1" }] }));
    const [post] = c.telegram.posts;
    assert.ok(post);
    let store = () => {};
    c.intake.beforeAccept = ({ text }) =>
      new Promise((resolve) => {
        store = () =>
          resolve(text === "slow" ? undefined : { kind: "refused", reason: "queue_full", message: "No room." });
      });
    // The press comes in one answer with what is said before it in its chat, and waits behind that.
    await until("it polls", () => c.telegram.isPolled());
    c.telegram.say({ chatId: 9, text: "slow" });
    await until("the disk is slow", () => c.intake.messages.length === 1);
    c.telegram.say({ chatId: -7, threadId: 5, text: "slow" });
    const callbackId = c.telegram.press(post, "/approve 1", 42);
    store();
    await until("the message before it is being stored", () => c.intake.messages.length === 2);
    await clock.advance(2_400);
    assert.equal(c.telegram.callbackAnswers.length, 0);
    await clock.advance(200);
    await until("it is acknowledged", () => c.telegram.callbackAnswers.length === 1);
    assert.deepEqual(c.telegram.callbackAnswers, [{ callbackId, text: null }]);
    assert.equal(c.intake.messages.length, 2, "it still waits");
    store();
    await until("it is its turn", () => c.intake.messages.length === 3);
    store();
    await until("who pressed is told", () => c.telegram.posts.length === 2);
    assert.deepEqual([c.telegram.posts[1]?.text, c.telegram.posts[1]?.threadId], ["No room.", "5"]);
    assert.equal(c.telegram.callbackAnswers.length, 1);
  });

  test("in a group they stay for whoever may press them, and a refusal is shown to who pressed", async () => {
    await using c = await connect();
    c.telegram.know(-7);
    await c.adapter.send(outbound({ chatId: "-7", threadId: "5", buttons: [{ label: "ok", command: "/approve 1" }] }));
    const [post] = c.telegram.posts;
    assert.ok(post);
    c.intake.beforeAccept = () => ({ kind: "refused", reason: "queue_full", message: "Too many." });
    const callbackId = c.telegram.press(post, "/approve 1", 42);
    await until("it is acknowledged", () => c.telegram.callbackAnswers.length === 1);
    assert.deepEqual(c.telegram.callbackAnswers, [{ callbackId, text: "Too many." }]);
    assert.equal(post.buttons.length, 1);
    const [pressed] = c.intake.messages;
    assert.deepEqual([pressed?.source.userId, pressed?.source.threadId], ["42", "5"]);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Acceptance } from "../../../src/platform/adapter.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { outbound, runningSlack } from "./running-slack.ts";

test("what is said to the bot arrives, and what it answers is posted", async () => {
  await using slack = await runningSlack();
  const { fake, adapter, intake } = slack;
  const ts = fake.say({ text: "hello &amp; welcome" });
  await until("the message is taken", () => intake.messages.length === 1);
  const [message] = intake.messages;
  assert.equal(message?.text, "hello & welcome");
  assert.equal(message?.messageId, ts);
  assert.equal(message?.source.userName, "ada");
  const postId = await adapter.send(outbound({ text: "**hi**" }));
  assert.equal(fake.posts[0]?.ts, postId);
});

test("a mention, which Slack delivers twice, is one message of its thread, in whichever order the two come", async () => {
  for (const first of ["message", "app_mention"]) {
    await using slack = await runningSlack();
    const { fake, intake } = slack;
    const second = first === "message" ? "app_mention" : "message";
    const { ts } = fake.workspace.add("C0GENERAL", { user: "U0ADA", text: "<@U0BOTUSER> hi" });
    for (const type of [first, second]) {
      const channelType = type === "message" ? { channel_type: "channel" } : {};
      fake.event({
        type,
        user: "U0ADA",
        text: "<@U0BOTUSER> hi",
        channel: "C0GENERAL",
        ts,
        event_ts: ts,
        ...channelType,
      });
    }
    await until("both are confirmed", () => fake.sockets.envelopes.every(({ ackedAtMs }) => ackedAtMs !== null));
    const [one, other] = intake.messages;
    assert.deepEqual(one, other, "the core sees them as one, and answers `duplicate` to the second");
    assert.deepEqual([one?.addressed, one?.source.chatType, one?.source.threadId], ["yes", "thread", ts]);
  }
});

test("a group message reads the same from app_mention, which does not say where it is", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  fake.workspace.channels.set("G0MPIM", { ...fake.workspace.channel("G0MPIM"), type: "mpim", name: "mpdm-ada--bob-1" });
  const { ts } = fake.workspace.add("G0MPIM", { user: "U0ADA", text: "<@U0BOTUSER> hi" });
  fake.event({ type: "app_mention", user: "U0ADA", text: "<@U0BOTUSER> hi", channel: "G0MPIM", ts, event_ts: ts });
  await until("it is taken", () => intake.messages.length === 1);
  assert.deepEqual([intake.messages[0]?.source.chatType, intake.messages[0]?.source.threadId], ["group", null]);
});

test("Slack is confirmed to only when the message is on disk", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  let stored: (acceptance: Acceptance | undefined) => void = () => {};
  intake.beforeAccept = () =>
    new Promise((resolve) => {
      stored = resolve;
    });
  fake.say({ text: "hello" });
  await until("the message is being stored", () => intake.messages.length === 1);
  const other = fake.event({ type: "reaction_added", user: "U0ADA" });
  await until("what came after it is confirmed", () => other.ackedAtMs !== null);
  assert.equal(fake.sockets.envelopes[0]?.ackedAtMs, null);
  stored(undefined);
  await until("it is confirmed", () => fake.sockets.envelopes[0]?.ackedAtMs !== null);
});

test("a message that could not be stored is not confirmed to, and taken when Slack delivers it again", async () => {
  await using slack = await runningSlack({ fake: { redeliverAfterMs: 50 } });
  const { fake, intake, events } = slack;
  intake.beforeAccept = () => {
    if (intake.messages.length < 3) throw new Error("the disk is full");
    return undefined;
  };
  fake.say({ text: "hello" });
  await until("it is confirmed", () => fake.sockets.envelopes[0]?.ackedAtMs !== null);
  assert.equal(intake.messages.length, 3);
  assert.equal(fake.sockets.envelopes[0]?.sentAtMs.length, 3);
  assert.deepEqual(events.told, [
    "warning: a message could not be stored; Slack was not confirmed to and delivers it again",
  ]);
});

test("what is not taken because we are stopping is not confirmed to", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  intake.beforeAccept = ({ text }) =>
    text === "last words" ? { kind: "refused", reason: "stopping", message: "later" } : undefined;
  fake.say({ text: "last words" });
  fake.say({ text: "other" });
  await until("the other is confirmed", () => fake.sockets.envelopes[1]?.ackedAtMs !== null);
  assert.equal(fake.sockets.envelopes[0]?.ackedAtMs, null);
});

test("a stop waits for what is being taken and confirms it; posts are possible after it", async () => {
  await using slack = await runningSlack();
  const { fake, adapter, intake } = slack;
  let stored: (acceptance: Acceptance | undefined) => void = () => {};
  intake.beforeAccept = () =>
    new Promise((resolve) => {
      stored = resolve;
    });
  fake.say({ text: "hello" });
  await until("the message is being stored", () => intake.messages.length === 1);
  let isStopped = false;
  const stopping = adapter.stop().then(() => {
    isStopped = true;
  });
  fake.say({ text: "too late" });
  await until("the second was delivered", () => fake.sockets.envelopes[1]?.sentAtMs.length === 1);
  assert.equal(isStopped, false);
  stored(undefined);
  await stopping;
  await until("the first is confirmed", () => fake.sockets.envelopes[0]?.ackedAtMs !== null);
  assert.equal(fake.sockets.envelopes[1]?.ackedAtMs, null);
  assert.equal(intake.messages.length, 1);
  await adapter.send(outbound());
  assert.equal(fake.posts.length, 1);
});

test("a slash command or a button that is refused is answered where only its sender sees it", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  intake.beforeAccept = () => ({ kind: "refused", reason: "queue_full", message: "one moment, please" });
  const command = fake.command("status", { channel: "C0GENERAL", channelName: "general" });
  const ts = fake.sayUnheard({ channel: "C0GENERAL", text: "pick" });
  const press = fake.press("/stop", { channel: "C0GENERAL", ts, user: "U0BOB" });
  await until("both are confirmed", () => command.ackedAtMs !== null && press.ackedAtMs !== null);
  assert.deepEqual(command.ackPayload, { response_type: "ephemeral", text: "one moment, please" });
  await until("who pressed is told", () => fake.ephemerals.length > 0);
  assert.partialDeepStrictEqual(fake.ephemerals, [{ channel: "C0GENERAL", user: "U0BOB", text: "one moment, please" }]);
  assert.deepEqual(fake.posts, []);
});

test("edits take effect by the id of the message; deletions, other bots and the bot's own posts are counted", async () => {
  await using slack = await runningSlack();
  const { fake, adapter, intake, events } = slack;
  const ts = fake.say({ text: "helo" });
  await until("the message is taken", () => intake.messages.length === 1);
  fake.change("D0ADA", ts, "hello");
  await until("the edit is taken", () => intake.edits.length === 1);
  assert.deepEqual(intake.edits, [{ chatId: "D0ADA", messageId: ts, text: "hello" }]);
  await adapter.send(outbound());
  await until("its own post is seen", () => events.told.includes("ignored: own_message"));
  assert.equal(intake.messages.length, 1);
});

test("a button under what its presser alone sees is a command of the same place", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  const root = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
  const ts = fake.workspace.newTs();
  fake.press("/resume 1", { channel: "C0GENERAL", ts, threadTs: root, isEphemeral: true });
  fake.press("/resume 2", { channel: "C0GENERAL", ts: root });
  await until("both are taken", () => intake.messages.length === 2);
  assert.partialDeepStrictEqual(intake.messages, [
    { text: "/resume 1", source: { chatId: "C0GENERAL", threadId: root, userId: "U0ADA" } },
    { text: "/resume 2", isOpenPress: true },
  ]);
  assert.equal(intake.messages[0]?.isOpenPress, undefined);
});

test("a slash command and a pressed button are messages, confirmed with nothing to show", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  const command = fake.command("new");
  const ts = fake.sayUnheard({ text: "pick", channel: "C0GENERAL" });
  const press = fake.press("/resume 2", { channel: "C0GENERAL", ts });
  await until("both are taken", () => command.ackedAtMs !== null && press.ackedAtMs !== null);
  assert.deepEqual(intake.messages.map(({ text }) => text).sort(), ["/new", "/resume 2"]);
  assert.deepEqual([command.ackPayload, press.ackPayload], [{}, {}]);
});

test("a button and a command are confirmed within three seconds though the disk is slow; an event is not", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ clock });
  const { fake, intake } = slack;
  const stored = Promise.withResolvers<undefined>();
  intake.beforeAccept = () => stored.promise;
  const press = fake.press("/stop", { channel: "D0ADA", ts: fake.sayUnheard({ text: "pick" }) });
  const command = fake.command("new", { channel: "C0GENERAL", channelName: "general" });
  fake.say({ text: "hello", channel: "D0BOB", user: "U0BOB" });
  await until("all are being stored", () => intake.messages.length === 3);
  await clock.advance(1_000);
  assert.deepEqual([press.ackedAtMs, command.ackedAtMs], [null, null]);
  await clock.advance(1_900);
  await until("both are confirmed", () => press.ackedAtMs !== null && command.ackedAtMs !== null);
  const event = fake.sockets.envelopes.find(({ type }) => type === "events_api");
  assert.equal(event?.ackedAtMs, null);
  stored.resolve(undefined);
  await until("the event is confirmed", () => event?.ackedAtMs !== null);
});

test("where answers don't open threads a mention belongs to its channel, and in a thread to the thread", async () => {
  await using slack = await runningSlack({ replyInThread: false });
  const { fake, intake } = slack;
  const root = fake.mention({ text: "in the channel", channel: "C0GENERAL" });
  fake.mention({ text: "in the thread", channel: "C0GENERAL", threadTs: root });
  await until("both are heard", () => new Set(intake.messages.map(({ text }) => text)).size === 2);
  for (const { text, source } of intake.messages) {
    const expected = text === "in the thread" ? ["thread", root] : ["channel", null];
    assert.deepEqual([source.chatType, source.threadId], expected, text);
  }
});

test("in a thread, where Slack has no slash commands, a command behind a mention is a command of that thread", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  const root = fake.sayUnheard({ text: "root", channel: "C0GENERAL" });
  fake.mention({ text: "/new now", channel: "C0GENERAL", threadTs: root });
  await until("it is heard", () => intake.messages.length > 0);
  const [message] = intake.messages;
  assert.deepEqual(
    [message?.text, message?.addressed, message?.source.chatId, message?.source.threadId],
    ["/new now", "yes", "C0GENERAL", root],
  );
});

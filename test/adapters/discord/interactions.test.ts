import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { discordRig, hurriedClock, outbound, untilConnected, untilTaken } from "./rig.ts";

const status = { name: "status", usage: "", summary: "How things stand.", isPrivate: true } as const;

test("a slash command becomes its text, is acknowledged once it is stored, and is answered in its place", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const stored = Promise.withResolvers<undefined>();
  rig.intake.beforeAccept = () => stored.promise;
  const id = rig.discord.useCommand(channel, "help", { text: "me please" });
  await untilTaken(rig, 1);
  assert.equal(rig.texts()[0], "/help me please");
  assert.equal(rig.discord.callbacks.length, 0);
  stored.resolve(undefined);
  await until("it is acknowledged", () => rig.discord.callbacks.length === 1);
  assert.deepEqual([rig.discord.callbacks[0]?.interactionId, rig.discord.callbacks[0]?.type], [id, 5]);

  const message = outbound(channel, { text: "thinking", replyToMessageId: `interaction-${id}` });
  const postId = await rig.adapter.send(message);
  assert.equal(await rig.adapter.send(message), postId);
  await rig.adapter.edit?.({ chatId: channel, threadId: null, postId, text: "done", buttons: [], isFinal: true });
  assert.deepEqual(rig.discord.textsIn(channel), ["done"]);
  assert.equal(rig.discord.posts[0]?.interactionId, id);
  await rig.adapter.send(outbound(channel, { text: "and more", replyToMessageId: `interaction-${id}` }));
  assert.deepEqual(
    rig.discord.posts.map(({ content, interactionId }) => [content, interactionId]),
    [
      ["done", id],
      ["and more", null],
    ],
  );
});

test("an answer that comes before the acknowledgement waits for it", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  rig.intake.beforeAccept = async (message) => {
    await rig.adapter.send(outbound(channel, { text: "at once", replyToMessageId: message.messageId }));
    return undefined;
  };
  rig.discord.useCommand(channel, "help");
  await until("it is answered", () => rig.discord.posts.length === 1);
  assert.equal(rig.discord.posts[0]?.content, "at once");
  assert.equal(rig.discord.callbacks.length, 1);
  assert.deepEqual(rig.told.warnings, []);
});

test("an interaction whose message can't be stored in time is acknowledged within three seconds all the same", async () => {
  const clock = fakeClock(Date.now());
  await using rig = await discordRig({ clock });
  const channel = rig.discord.addTextChannel();
  const stored = Promise.withResolvers<undefined>();
  rig.intake.beforeAccept = ({ text }) => (text === "elsewhere" ? undefined : stored.promise);
  rig.discord.useCommand(channel, "help");
  rig.discord.press(channel, "/resume 2");
  rig.discord.say(rig.discord.openDm(), "elsewhere");
  await until("both have come", () => rig.texts().includes("elsewhere"));
  assert.equal(rig.discord.callbacks.length, 0);
  await clock.advance(2_900);
  await until("both are acknowledged", () => rig.discord.callbacks.length === 2);
  assert.equal(rig.intake.messages.length, 2, "the press waits behind the command");
  assert.deepEqual(
    rig.discord.callbacks.map(({ type }) => type).toSorted((a, b) => a - b),
    [5, 6],
  );
  stored.resolve(undefined);
  await untilTaken(rig, 3);
});

test("a pressed button is its command, and is answered by a post of its own", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const id = rig.discord.press(channel, "/resume 2");
  await until("it is acknowledged", () => rig.discord.callbacks.length === 1);
  assert.equal(rig.discord.callbacks[0]?.type, 6);
  assert.equal(rig.texts()[0], "/resume 2");
  await rig.adapter.send(outbound(channel, { text: "resumed", replyToMessageId: `interaction-${id}` }));
  assert.deepEqual(rig.discord.textsIn(channel), ["resumed"]);
  assert.equal(rig.discord.posts[0]?.interactionId, null);
});

test("who may not use the bot is told so alone", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  rig.intake.beforeAccept = () => ({ kind: "ignored", reason: "not_allowed" });
  rig.discord.useCommand(channel, "help");
  rig.discord.press(channel, "/approve 1");
  await until("both are answered", () => rig.discord.callbacks.length === 2);
  for (const { type, data } of rig.discord.callbacks) {
    assert.equal(type, 4);
    assert.deepEqual(data, { content: "This bot takes no commands from you here.", flags: 64 });
  }
});

test("who is refused after the acknowledgement is told in its place", async () => {
  await using rig = await discordRig({ clock: hurriedClock(20) });
  await untilConnected(rig);
  const channel = rig.discord.addTextChannel();
  const decided = Promise.withResolvers<{ kind: "refused"; reason: "queue_full"; message: string }>();
  rig.intake.beforeAccept = () => decided.promise;
  rig.discord.useCommand(channel, "help");
  rig.discord.press(channel, "/x");
  await until("both are acknowledged", () => rig.discord.callbacks.length === 2);
  decided.resolve({ kind: "refused", reason: "queue_full", message: "later please" });
  await until("both are told", () => rig.discord.posts.length === 1 && rig.discord.followups.length === 1);
  assert.equal(rig.discord.posts[0]?.content, "later please");
  assert.equal(rig.discord.followups[0]?.content, "later please");
});

test("after its token has ended a command is answered by an ordinary post", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const id = rig.discord.useCommand(channel, "help");
  await until("it is acknowledged", () => rig.discord.callbacks.length === 1);
  rig.discord.expireInteractions();
  await rig.adapter.send(outbound(channel, { text: "late", replyToMessageId: `interaction-${id}` }));
  assert.deepEqual(rig.discord.textsIn(channel), ["late"]);
  assert.equal(rig.discord.posts[0]?.interactionId, null);
});

test("a command that nothing answers does not think for ever", async () => {
  await using rig = await discordRig({ clock: hurriedClock(1_000) });
  await untilConnected(rig);
  const channel = rig.discord.addTextChannel();
  rig.discord.useCommand(channel, "stop");
  await until("the reply is taken back", () => rig.discord.calls.some((call) => call.startsWith("DELETE /webhooks/")));
});

test("an acknowledgement that fails costs no message, and its answer is a post", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  rig.discord.faults.add(/^POST \/interactions\//, { kind: "status", status: 404, code: 10062 });
  const id = rig.discord.useCommand(channel, "help");
  await until("it was told", () => rig.told.warnings.length === 1);
  await rig.adapter.send(outbound(channel, { text: "here", replyToMessageId: `interaction-${id}` }));
  assert.deepEqual(rig.discord.textsIn(channel), ["here"]);
});

test("an interaction that is replayed is neither acknowledged nor taken twice", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const id = rig.discord.useCommand(channel, "help");
  await until("it is acknowledged", () => rig.discord.callbacks.length === 1);
  const event = {
    id,
    application_id: rig.discord.bot.id,
    type: 2,
    token: `token-${id}`,
    channel_id: channel,
    user: rig.discord.ada,
    data: { name: "help", type: 1 },
  };
  rig.discord.gateway.dispatch("INTERACTION_CREATE", event);
  await untilTaken(rig, 2);
  rig.discord.say(channel, "and on");
  await untilTaken(rig, 3);
  assert.equal(rig.discord.callbacks.length, 1);
  assert.deepEqual(rig.told.warnings, []);
});

test("a lost answer to a command is put in its place again, not posted beside it", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const id = rig.discord.useCommand(channel, "help");
  await untilTaken(rig, 1);
  rig.discord.faults.add(/^PATCH \/webhooks\//, { kind: "done_unanswered" });
  const message = outbound(channel, { text: "once", replyToMessageId: `interaction-${id}` });
  await assert.rejects(rig.adapter.send(message));
  assert.deepEqual(await rig.adapter.findPost?.(message), { kind: "absent" });
  await rig.adapter.send({ ...message, attempt: 2 });
  assert.deepEqual(rig.discord.textsIn(channel), ["once"]);
});

test("commands are published with what follows them as an option", async () => {
  await using rig = await discordRig({ isStarted: false });
  await rig.adapter.publishCommands?.([
    { name: "new", usage: "", summary: "Starts afresh" },
    { name: "title", usage: "TEXT", summary: "x".repeat(150) },
  ]);
  assert.deepEqual(rig.discord.commands, [
    { type: 1, name: "new", description: "Starts afresh", options: [] },
    {
      type: 1,
      name: "title",
      description: "x".repeat(100),
      options: [{ type: 3, name: "text", description: "TEXT", required: false }],
    },
  ]);
});

test("a command that is answered to its sender alone says so at once, and all of its answer is; a direct chat is private as it is", async () => {
  await using rig = await discordRig();
  await rig.adapter.publishCommands?.([status]);
  const channel = rig.discord.addTextChannel();
  const id = rig.discord.useCommand(channel, "status");
  rig.discord.useCommand(channel, "new");
  rig.discord.useCommand(rig.discord.openDm(), "status");
  await until("all are acknowledged", () => rig.discord.callbacks.length === 3);
  assert.deepEqual(
    rig.discord.callbacks.map(({ data }) => data),
    [{ flags: 64 }, undefined, undefined],
  );
  const privateTo = { userId: "1", messageId: `interaction-${id}` };
  const first = outbound(channel, { text: "one", privateTo });
  const postId = await rig.adapter.send(first);
  assert.equal(await rig.adapter.send(first), postId, "in doubt, it takes its own place again");
  const second = outbound(channel, { text: "two", privateTo });
  await rig.adapter.send(second);
  assert.deepEqual(
    [...rig.discord.posts, ...rig.discord.followups].map(({ content, isPrivate }) => [content, isPrivate]),
    [
      ["one", true],
      ["two", true],
    ],
  );
  assert.deepEqual(await rig.adapter.findPost?.(first), { kind: "absent" });
  assert.deepEqual(await rig.adapter.findPost?.(second), { kind: "unknown" });
});

test("what was for its sender alone is shown to nobody when that is not possible any more", async () => {
  await using rig = await discordRig();
  await rig.adapter.publishCommands?.([status]);
  const channel = rig.discord.addTextChannel();
  const known = rig.discord.useCommand(channel, "status");
  const open = rig.discord.useCommand(channel, "new");
  await until("both are acknowledged", () => rig.discord.callbacks.length === 2);
  rig.discord.expireInteractions();
  for (const id of [known, open, "of-an-earlier-process"]) {
    const privateTo = { userId: "1", messageId: `interaction-${id}` };
    await assert.rejects(async () => rig.adapter.send(outbound(channel, { privateTo })), {
      kind: "gone",
      certain: true,
    });
  }
  assert.deepEqual(rig.discord.posts, []);
  assert.deepEqual(rig.discord.followups, []);
});

test("what was typed is answered where it was typed", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const said = rig.discord.say(channel, "/status");
  const privateTo = { userId: "1", messageId: said.id };
  await rig.adapter.send(outbound(channel, { text: "fine", replyToMessageId: said.id, privateTo }));
  assert.deepEqual(rig.discord.textsIn(channel), ["fine"]);
});

test("a button under a post that its presser alone sees is answered to them alone; under any other, to everybody", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  const alone = rig.discord.press(channel, "/pair list", undefined, 64);
  rig.discord.press(channel, "/pair list");
  await until("both are acknowledged", () => rig.discord.callbacks.length === 2);
  assert.deepEqual(
    rig.intake.messages.map(({ isOpenPress }) => isOpenPress),
    [undefined, true],
  );
  const privateTo = { userId: "1", messageId: `interaction-${alone}` };
  await rig.adapter.send(outbound(channel, { text: "Nobody waits.", privateTo }));
  assert.deepEqual(rig.discord.followups, [{ interactionId: alone, content: "Nobody waits.", isPrivate: true }]);
});

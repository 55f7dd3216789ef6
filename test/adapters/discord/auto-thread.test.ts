import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { threadName } from "../../../adapters/discord/auto-thread.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { until } from "../../support/until.ts";
import { discordRig, hurriedClock, outbound, untilTaken } from "./rig.ts";

const THREADS = /\/threads$/;

test("a mention in a channel opens a thread, belongs to it, and is answered there", async () => {
  await using rig = await discordRig({ autoThread: true });
  const channel = rig.discord.addTextChannel();
  const said = rig.discord.say(channel, `<@${rig.discord.bot.id}> what is\nfor lunch?`);
  await untilTaken(rig, 1);
  const { source, messageId, addressed } = rig.intake.messages[0] ?? {};
  assert.deepEqual(
    [source?.chatType, source?.chatId, source?.threadId, source?.parentChatId, source?.chatName, addressed],
    ["thread", said.id, said.id, channel, "what is for lunch?", "yes"],
  );
  assert.equal(messageId, said.id);
  await rig.adapter.send(outbound(said.id, { threadId: said.id, text: "soup", replyToMessageId: said.id }));
  assert.deepEqual(rig.discord.textsIn(said.id), ["soup"]);
  rig.discord.say(said.id, "and then?");
  await untilTaken(rig, 2);
  assert.equal(rig.intake.messages[1]?.addressed, "if_taking_part");
});

test("a redelivery opens no second thread and is the same message", async () => {
  await using rig = await discordRig({ autoThread: true });
  const channel = rig.discord.addTextChannel();
  const said = rig.discord.say(channel, `<@${rig.discord.bot.id}> hi`);
  rig.discord.gateway.dispatch("MESSAGE_CREATE", rig.discord.world.asEvent(said));
  await untilTaken(rig, 2);
  assert.deepEqual(
    rig.intake.messages.map(({ source }) => source.chatId),
    [said.id, said.id],
  );
  assert.deepEqual(rig.told.warnings, []);
});

test("what needs no thread of its own opens none", async () => {
  await using rig = await discordRig({ autoThread: true });
  const channel = rig.discord.addTextChannel();
  rig.discord.say(channel, "no mention");
  rig.discord.say(rig.discord.addThread(channel), `<@${rig.discord.bot.id}> in a thread`);
  rig.discord.say(rig.discord.openDm(), `<@${rig.discord.bot.id}> in private`);
  await untilTaken(rig, 3);
  assert.ok(!rig.discord.calls.some((call) => THREADS.test(call)));
});

test("where no thread may be opened the message stays in its channel, which is told once", async () => {
  await using rig = await discordRig({ autoThread: true });
  const channel = rig.discord.addTextChannel();
  rig.discord.faults.add(THREADS, { kind: "status", status: 403, code: 50013 }, 2);
  for (const n of [1, 2]) rig.discord.say(channel, `<@${rig.discord.bot.id}> ${n}`);
  await untilTaken(rig, 2);
  assert.deepEqual(
    rig.intake.messages.map(({ source }) => source.chatId),
    [channel, channel],
  );
  assert.equal(rig.told.warnings.length, 1);
});

test("a limit or a failure on the way is waited out", async () => {
  await using rig = await discordRig({ autoThread: true, clock: hurriedClock(50) });
  const channel = rig.discord.addTextChannel();
  rig.discord.faults.add(THREADS, { kind: "done_unanswered" });
  const said = rig.discord.say(channel, `<@${rig.discord.bot.id}> hi`);
  await untilTaken(rig, 1);
  assert.equal(rig.intake.messages[0]?.source.chatId, said.id);
});

test("an edit of a message that opened a thread belongs to the thread", async () => {
  await using rig = await discordRig({ autoThread: true });
  const channel = rig.discord.addTextChannel();
  const said = rig.discord.say(channel, `<@${rig.discord.bot.id}> hi`);
  await untilTaken(rig, 1);
  rig.discord.edit(said, `<@${rig.discord.bot.id}> hello`);
  await until("the edit came", () => rig.intake.edits.length > 0);
  assert.deepEqual(rig.intake.edits, [{ chatId: said.id, messageId: said.id, text: "hello" }]);
});

test("mentions in the channel above a known thread are read back", async () => {
  await using rig = await discordRig({ autoThread: true, isStarted: false });
  const channel = rig.discord.addTextChannel();
  const thread = rig.discord.addThread(channel);
  const said = rig.discord.say(channel, `<@${rig.discord.bot.id}> anybody?`);
  const lastHeardAtMs = systemClock.nowMs();
  rig.intake.places = [{ chatType: "thread", chatId: thread, threadId: thread, lastHeardAtMs }];
  await rig.adapter.start(rig.intake);
  await untilTaken(rig, 1);
  assert.equal(rig.intake.messages[0]?.source.chatId, said.id);
});

const names: readonly (readonly [text: string, name: string])[] = [
  ["what is for lunch?", "what is for lunch?"],
  ["  many\n\n lines\tand\u200b signs\u0007 ", "many lines and signs"],
  ["one two three four five six seven eight nine ten eleven", "one two three four five six seven eight nine ten"],
  ["", "New thread"],
  ["x".repeat(150), `${"x".repeat(99)}…`],
];
for (const [text, name] of names) {
  test(`a thread that begins with ${JSON.stringify(text.slice(0, 20))} has a name`, () => {
    assert.equal(threadName(text), name);
  });
}

test("any text gives a name that Discord takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const length = [...threadName(text)].length;
      assert.ok(length >= 1 && length <= 100);
    }),
  );
});

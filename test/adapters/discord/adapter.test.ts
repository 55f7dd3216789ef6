import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../support/until.ts";
import { discordRig, hurriedClock, outbound, untilConnected, untilTaken } from "./rig.ts";

const byText = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);

test("a direct message is handed over, and what answers it is posted", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const said = rig.discord.say(dm, "hello bot");
  await untilTaken(rig, 1);
  const [message] = rig.intake.messages;
  assert.deepEqual([message?.text, message?.addressed, message?.source.chatType], ["hello bot", "yes", "dm"]);
  const postId = await rig.adapter.send(outbound(dm, { text: "hello ada", replyToMessageId: said.id }));
  const [post] = rig.discord.posts;
  assert.deepEqual([post?.id, post?.content, post?.replyTo], [postId, "hello ada", said.id]);
  await until("its own post was heard of", () => rig.told.ignored.length === 1);
  assert.deepEqual(rig.told.ignored, ["own_message"]);
  assert.deepEqual(rig.told.warnings, []);
});

test("messages of a channel keep their order, and channels don't wait for each other", async () => {
  await using rig = await discordRig();
  const [one, two] = [rig.discord.openDm(), rig.discord.openDm(rig.discord.world.addUser("bob"))];
  const held = Promise.withResolvers<undefined>();
  rig.intake.beforeAccept = ({ source }) => (source.chatId === one ? held.promise : undefined);
  for (const n of [1, 2, 3]) rig.discord.say(one, `${n}`);
  rig.discord.say(two, "elsewhere");
  await untilTaken(rig, 2);
  assert.deepEqual(rig.texts(), ["1", "elsewhere"]);
  held.resolve(undefined);
  await untilTaken(rig, 4);
  assert.deepEqual(rig.texts(), ["1", "elsewhere", "2", "3"]);
});

test("a channel that nobody told of is looked up once, and a look-up that fails costs no message", async () => {
  await using rig = await discordRig();
  const { world } = rig.discord;
  const guild = world.addGuild("late");
  const known = world.addChannel({ type: 0, guild_id: guild, name: "found" });
  const lost = world.addChannel({ type: 11, guild_id: guild, name: "lost" });
  rig.discord.faults.add(new RegExp(`^GET /channels/${lost.id}`), { kind: "status", status: 403, code: 50001 });
  for (const n of [1, 2]) rig.discord.say(known.id, `${n}`);
  for (const n of [3, 4]) rig.discord.say(lost.id, `${n}`);
  await untilTaken(rig, 4);
  const told = rig.intake.messages.map(({ text, source }) => [text, source.chatName, source.chatType]);
  assert.deepEqual(told.toSorted(byText), [
    ["1", "found", "channel"],
    ["2", "found", "channel"],
    ["3", null, "thread"],
    ["4", null, "thread"],
  ]);
  assert.equal(rig.discord.calls.filter((call) => call.startsWith("GET /channels/")).length, 2);
});

test("a channel's new name is known", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel({ name: "old" });
  rig.discord.gateway.dispatch("CHANNEL_UPDATE", { ...rig.discord.world.channels.get(channel), name: "new" });
  rig.discord.say(channel, "hi");
  await untilTaken(rig, 1);
  assert.equal(rig.intake.messages[0]?.source.chatName, "new");
});

test("messages without their text are told of once, and by its health until some come with it, with the switch to turn on", async () => {
  await using rig = await discordRig();
  const channel = rig.discord.addTextChannel();
  for (let n = 0; n < 3; n++) rig.discord.say(channel, "");
  await until("all were heard", () => rig.told.ignored.length === 3);
  assert.deepEqual(rig.told.ignored, ["no_content", "no_content", "no_content"]);
  assert.equal(rig.told.warnings.length, 1);
  assert.match(rig.told.warnings[0] ?? "", /Message Content Intent/);
  // With a mention the text comes in any case.
  rig.discord.say(channel, `<@${rig.discord.bot.id}> hello`);
  await untilTaken(rig, 1);
  assert.match(rig.adapter.health().detail, /connected.*Message Content Intent/);
  rig.discord.say(channel, "hello all");
  await untilTaken(rig, 2);
  assert.deepEqual([rig.adapter.health().connected, rig.adapter.health().detail], [true, "connected to the gateway"]);
});

test("an edit is told, a link that was looked up is not, a deletion is counted", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const said = rig.discord.say(dm, "helo");
  rig.discord.gateway.dispatch("MESSAGE_UPDATE", { ...rig.discord.world.asEvent(said), embeds: [{}] });
  rig.discord.edit(said, "hello");
  rig.discord.gateway.dispatch("MESSAGE_DELETE", { id: said.id, channel_id: dm });
  await until("the edit came", () => rig.intake.edits.length === 1 && rig.told.ignored.length === 2);
  assert.deepEqual(rig.intake.edits, [{ chatId: dm, messageId: said.id, text: "hello" }]);
  assert.deepEqual(rig.told.ignored.toSorted(), ["deleted", "embed_update"]);
});

test("typing is shown while an answer takes its time, and not before a quick one", async () => {
  await using rig = await discordRig({ clock: hurriedClock(5) });
  await untilConnected(rig);
  const [slow, quick, given] = ["ada", "bob", "eve"].map((name) => rig.discord.openDm(rig.discord.world.addUser(name)));
  assert.ok(slow !== undefined && quick !== undefined && given !== undefined);
  const at = (chatId: string) => ({ chatId, threadId: null, messageId: "1456000000000000000" });
  const showing = [slow, quick, given].map((chatId) => rig.adapter.typing?.(at(chatId)) ?? Promise.resolve());
  await rig.adapter.send(outbound(quick));
  await rig.adapter.typingDone?.(at(given));
  await Promise.all(showing);
  assert.deepEqual(rig.discord.typing, [slow]);
});

test("attachments are fetched from Discord's own hosts only", async () => {
  await using rig = await discordRig();
  const address = rig.discord.putFile("a.txt", Buffer.from("content"));
  const { signal } = new AbortController();
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await rig.adapter.fetchFile?.(address, signal)) ?? []) chunks.push(chunk);
  assert.equal(String(Buffer.concat(chunks)), "content");
  const refused = [
    "http://127.0.0.1:1/x",
    "http://cdn.discordapp.com/x",
    "https://cdn.discordapp.com.evil.example/x",
    "file:///etc/passwd",
    "x",
  ];
  for (const reference of refused) {
    await assert.rejects(rig.adapter.fetchFile?.(reference, signal) ?? Promise.resolve(), /none of Discord's/);
  }
  await assert.rejects(rig.adapter.fetchFile?.(`${address}-gone`, signal) ?? Promise.resolve(), /HTTP 404/);
});

test("the adapter says what an agent must know, and keeps ids readable", async () => {
  await using rig = await discordRig({ isStarted: false });
  assert.match(rig.adapter.notes ?? "", /<@USER_ID>/);
  assert.equal(rig.adapter.redactsPii, undefined);
  assert.deepEqual(rig.adapter.split?.("short"), ["short"]);
  assert.ok((rig.adapter.split?.("word ".repeat(1_000)) ?? []).length > 2);
});

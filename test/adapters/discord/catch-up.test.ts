import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../src/clock/clock.ts";
import type { RecentPlace } from "../../../src/platform/adapter.ts";
import { fakeDiscord } from "../../fake/discord/fake-discord.ts";
import { testIntake } from "../../support/test-intake.ts";
import { until } from "../../support/until.ts";
import { discordRig, hurriedClock, untilTaken } from "./rig.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const byText = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);

function place(chatId: string, about: Partial<RecentPlace> = {}): RecentPlace {
  return { chatType: "channel", chatId, threadId: null, lastHeardAtMs: systemClock.nowMs() - MINUTE_MS, ...about };
}

/** A Discord whose time is told by hand, an hour ago at first. */
async function earlierDiscord() {
  const time = { nowMs: systemClock.nowMs() - HOUR_MS };
  const discord = await fakeDiscord({ nowMs: () => time.nowMs });
  return { discord, time };
}

test("what was said while nobody listened is read after the start, oldest first, with roles and names", async () => {
  const { discord, time } = await earlierDiscord();
  await using _ = discord;
  const channel = discord.addTextChannel({ name: "ops" });
  const mention = `<@${discord.bot.id}>`;
  discord.say(channel, "long answered");
  time.nowMs += 50 * MINUTE_MS;
  for (const n of [1, 2, 3]) discord.say(channel, `${mention} ${n}`, { member: { nick: "Countess", roles: ["7"] } });
  time.nowMs = systemClock.nowMs();
  const intake = testIntake();
  intake.places = [place(channel, { lastHeardAtMs: systemClock.nowMs() - 15 * MINUTE_MS })];
  await using rig = await discordRig({ discord, intake });
  await untilTaken(rig, 3);
  assert.deepEqual(rig.texts(), ["1", "2", "3"]);
  const { source, roleIds, addressed } = intake.messages[0] ?? {};
  assert.deepEqual([source?.userName, source?.chatName, source?.chatType], ["Countess", "ops", "channel"]);
  assert.ok(source?.workspaceId);
  assert.deepEqual(roleIds, ["7"]);
  assert.equal(addressed, "yes");
});

test("a direct chat and a thread are read back as what they are", async () => {
  await using discord = await fakeDiscord();
  const dm = discord.openDm();
  const channel = discord.addTextChannel();
  const thread = discord.addThread(channel, "lunch");
  discord.say(dm, "in private");
  discord.say(thread, "in the thread");
  const intake = testIntake();
  intake.places = [
    place(dm, { chatType: "dm" }),
    place(thread, { chatType: "thread", threadId: thread }),
    place("not-of-discord"),
  ];
  await using rig = await discordRig({ discord, intake });
  await untilTaken(rig, 2);
  const told = intake.messages.map(({ source, text }) => [text, source.chatType, source.parentChatId, source.chatName]);
  assert.deepEqual(told.toSorted(byText), [
    ["in private", "dm", null, null],
    ["in the thread", "thread", channel, "lunch"],
  ]);
});

test("a new session reads back; a resumed one need not", async () => {
  await using rig = await discordRig({ clock: hurriedClock(50) });
  const dm = rig.discord.openDm();
  rig.discord.say(dm, "one");
  await untilTaken(rig, 1);
  rig.intake.places = [place(dm, { chatType: "dm" })];
  rig.discord.gateway.drop();
  await until("it resumed", () => rig.discord.gateway.resumeCount() === 1 && rig.adapter.health().connected);
  assert.ok(!rig.discord.calls.some((call) => call.startsWith("GET /channels/")));
  rig.discord.say(dm, "two", { isUnheard: true });
  rig.discord.gateway.drop({ forget: true });
  await until("the lost one was read", () => rig.texts().includes("two"));
  assert.deepEqual(rig.texts().slice(1), ["one", "two"]);
});

test("what is said while a chat is read back waits its turn", async () => {
  await using discord = await fakeDiscord();
  const dm = discord.openDm();
  discord.say(dm, "one");
  const intake = testIntake();
  intake.places = [place(dm, { chatType: "dm" })];
  discord.faults.add(/^GET \/channels\/\d+\/messages/, { kind: "rate_limit", retryAfterMs: 300 });
  await using rig = await discordRig({ discord, intake });
  discord.say(dm, "two");
  await until("both were taken", () => rig.texts().includes("two"));
  assert.deepEqual(rig.texts().slice(0, 2), ["one", "two"]);
});

test("a chat that can't be read any more, and a server in trouble, hold nothing up", async () => {
  await using discord = await fakeDiscord();
  const [gone, forbidden, broken, fine] = [
    "1456000000000000000",
    discord.addTextChannel(),
    discord.addTextChannel(),
    discord.openDm(),
  ];
  discord.faults.add(new RegExp(`GET /channels/${forbidden}/messages`), { kind: "status", status: 403, code: 50001 });
  discord.faults.add(new RegExp(`GET /channels/${broken}/messages`), { kind: "status", status: 500 }, 2);
  discord.say(broken, "later");
  discord.say(fine, "here");
  const intake = testIntake();
  intake.places = [gone, forbidden, broken, fine].map((id) => place(id));
  await using rig = await discordRig({ discord, intake, clock: hurriedClock(50) });
  await untilTaken(rig, 2);
  assert.deepEqual(rig.texts().sort(), ["here", "later"]);
  assert.deepEqual(rig.told.warnings, []);
});

test("a gap that can't be closed is told", async () => {
  await using discord = await fakeDiscord();
  const dm = discord.openDm();
  discord.faults.add(/messages$/, { kind: "status", status: 500 }, 20);
  const intake = testIntake();
  intake.places = [place(dm)];
  await using rig = await discordRig({ discord, intake, clock: hurriedClock(2_000) });
  await until("it was told", () => rig.told.warnings.length === 1);
  assert.match(rig.told.warnings[0] ?? "", /could not be read in a channel/);
});

test("of a long gap the latest hundred messages of a chat are read", async () => {
  await using discord = await fakeDiscord();
  const dm = discord.openDm();
  for (let n = 0; n < 130; n++) discord.say(dm, `${n}`);
  const intake = testIntake();
  intake.places = [place(dm, { chatType: "dm" })];
  await using rig = await discordRig({ discord, intake });
  await untilTaken(rig, 100);
  discord.say(dm, "live");
  await until("the live one came", () => rig.texts().includes("live"));
  assert.deepEqual(rig.texts(), [...Array.from({ length: 100 }, (_, n) => `${n + 30}`), "live"]);
});

test("what was said more than a day ago is not read, nor a chat in which nothing was heard since", async () => {
  const { discord, time } = await earlierDiscord();
  await using _ = discord;
  const [known, quiet] = [discord.openDm(), discord.openDm(discord.world.addUser("bob"))];
  time.nowMs = systemClock.nowMs() - 24 * HOUR_MS - MINUTE_MS;
  for (const chat of [known, quiet]) discord.say(chat, "too old");
  time.nowMs += 2 * MINUTE_MS;
  discord.say(known, "old");
  time.nowMs = systemClock.nowMs();
  const intake = testIntake();
  // Heard of a moment within the day: the overlap reaches beyond it.
  intake.places = [
    place(known, { chatType: "dm", lastHeardAtMs: systemClock.nowMs() - 24 * HOUR_MS + MINUTE_MS / 2 }),
    place(quiet, { chatType: "dm", lastHeardAtMs: systemClock.nowMs() - 25 * HOUR_MS }),
  ];
  await using rig = await discordRig({ discord, intake });
  await untilTaken(rig, 1);
  discord.say(quiet, "live", { user: discord.world.addUser("eve") });
  await untilTaken(rig, 2);
  assert.deepEqual(rig.texts(), ["old", "live"]);
  assert.ok(!discord.calls.some((call) => call.startsWith(`GET /channels/${quiet}`)));
});

test("threads that were opened meanwhile in known channels are read back as well", async () => {
  await using discord = await fakeDiscord();
  const channel = discord.addTextChannel();
  const thread = discord.addThread(channel);
  discord.say(thread, `<@${discord.bot.id}> new here`);
  const quiet = discord.addThread(channel);
  const elsewhere = discord.addThread(discord.addTextChannel());
  discord.say(elsewhere, `<@${discord.bot.id}> unknown`);
  const intake = testIntake();
  intake.places = [place(channel)];
  await using rig = await discordRig({ discord, intake });
  await untilTaken(rig, 1);
  assert.deepEqual(rig.texts(), ["new here"]);
  assert.ok(!discord.calls.some((call) => call.includes(quiet) || call.includes(elsewhere)));
});

test("messages that could not be stored are tried again in order, and what was said after them waits", async () => {
  await using rig = await discordRig({ clock: hurriedClock(50) });
  const dm = rig.discord.openDm();
  const other = rig.discord.openDm(rig.discord.world.addUser("bob"));
  let failures = 3;
  const stored: string[] = [];
  rig.intake.beforeAccept = ({ source, text }) => {
    if (source.chatId === dm && failures-- > 0) throw new Error("the disk is full");
    stored.push(text);
    return undefined;
  };
  rig.discord.say(dm, "one");
  rig.discord.say(dm, "two");
  rig.discord.say(other, "elsewhere", { user: rig.discord.world.addUser("eve") });
  await until("all are stored", () => stored.length === 3);
  assert.deepEqual(
    stored.filter((text) => text !== "elsewhere"),
    ["one", "two"],
  );
  assert.equal(stored[0], "elsewhere");
  assert.equal(rig.told.warnings.length, 1);
});

test("what a channel's queue can't hold is read from the history later", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const held = Promise.withResolvers<undefined>();
  rig.intake.beforeAccept = () => held.promise;
  for (let n = 0; n < 560; n++) rig.discord.say(dm, `${n}`);
  await until("the queue is full", () => rig.told.warnings.length === 1);
  rig.discord.say(rig.discord.openDm(rig.discord.world.addUser("bob")), "last");
  await until("all were sent", () => rig.texts().includes("last"));
  held.resolve(undefined);
  rig.intake.beforeAccept = () => undefined;
  await until("all were taken", () => rig.texts().includes("559"));
  const taken = rig.texts().filter((text) => text !== "last");
  assert.deepEqual(
    taken,
    Array.from({ length: 560 }, (_, n) => `${n}`),
  );
});

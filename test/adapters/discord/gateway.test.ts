import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../src/clock/clock.ts";
import { fakeDiscord } from "../../fake/discord/fake-discord.ts";
import { until } from "../../support/until.ts";
import { type DiscordRig, discordRig, hurriedClock, outbound, untilTaken } from "./rig.ts";

/** Reconnecting takes discord.js half a second; what waits longer is hurried. */
const hurried = () => hurriedClock(50);

async function untilConnected(rig: DiscordRig, isConnected: boolean): Promise<void> {
  await until(`connected is ${isConnected}`, () => rig.adapter.health().connected === isConnected);
}

async function startFailure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Error);
  return error.message;
}

test("a connection says that it is there, and when Discord was last heard of", async () => {
  await using rig = await discordRig({ isStarted: false });
  assert.equal(rig.adapter.health().connected, false);
  await rig.adapter.start(rig.intake);
  const { connected, lastEventAtMs } = rig.adapter.health();
  assert.ok(connected && lastEventAtMs !== null);
  assert.deepEqual(rig.told.disconnected, []);
  assert.deepEqual(rig.told.connected, []);
});

test("a connection that has been silent for too long is not called one, whatever its socket says", async () => {
  let aheadMs = 0;
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
  await using rig = await discordRig({ clock });
  aheadMs = 60_000;
  assert.equal(rig.adapter.health().connected, true);
  aheadMs = 100_000;
  assert.deepEqual([rig.adapter.health().connected, /silent/.test(rig.adapter.health().detail)], [false, true]);
  rig.discord.say(rig.discord.openDm(), "here");
  await untilConnected(rig, true);
});

test("a wrong token ends the start with where to get a right one, and never the token", async () => {
  for (const token of ["wrong-token", ""]) {
    await using rig = await discordRig({ isStarted: false, token });
    const message = await startFailure(rig.adapter.start(rig.intake));
    assert.match(message, /Bot → Reset Token/);
    assert.ok(!message.includes("wrong-token"));
    assert.equal(rig.adapter.health().connected, false);
  }
});

test("what only the gateway refuses ends the start as well", async () => {
  for (const [code, words] of [
    [4004, /Reset Token/],
    [4010, /shard/],
    [4011, /2500/],
    [4012, /update Parley/],
    [4013, /update Parley/],
  ] as const) {
    await using rig = await discordRig({ isStarted: false });
    rig.discord.traits.identifyCloseCode = code;
    assert.match(await startFailure(rig.adapter.start(rig.intake)), words);
  }
});

test("refused intents end the start with the switch to turn on", async () => {
  await using rig = await discordRig({ isStarted: false });
  rig.discord.traits.allowsMessageContent = false;
  assert.match(await startFailure(rig.adapter.start(rig.intake)), /"Message Content Intent"/);
});

test("it asks for the four intents it needs and for nothing else", async () => {
  await using rig = await discordRig();
  // discord.com/developers/docs/events/gateway#list-of-intents
  const [guilds, guildMessages, directMessages, messageContent] = [1 << 0, 1 << 9, 1 << 12, 1 << 15];
  assert.equal(rig.discord.gateway.lastIntents(), guilds | guildMessages | directMessages | messageContent);
});

test("no network at the start is no failure: it connects when it can", async () => {
  await using rig = await discordRig({ isStarted: false, clock: hurried() });
  rig.discord.traits.isDown = true;
  await rig.adapter.start(rig.intake);
  assert.equal(rig.adapter.health().connected, false);
  assert.equal(rig.told.disconnected.length, 1);
  rig.discord.traits.isDown = false;
  await untilConnected(rig, true);
  assert.equal(rig.told.connected.length, 1);
  rig.discord.say(rig.discord.openDm(), "there you are");
  await untilTaken(rig, 1);
});

test("an API that is down at the start, and a gateway that is, are waited for", async () => {
  await using rig = await discordRig({ isStarted: false, clock: hurried() });
  rig.discord.faults.add(/gateway\/bot/, { kind: "status", status: 503 }, 2);
  rig.discord.faults.add(/gateway\/bot/, { kind: "garbage" }, 1);
  rig.discord.faults.add(/gateway\/bot/, { kind: "rate_limit", retryAfterMs: 20 }, 1);
  await rig.adapter.start(rig.intake);
  await untilConnected(rig, true);
});

test("a connection that drops is resumed, and what was said meanwhile is heard once", async () => {
  await using rig = await discordRig({ clock: hurried() });
  const dm = rig.discord.openDm();
  rig.discord.say(dm, "one");
  await untilTaken(rig, 1);
  rig.discord.gateway.drop();
  await untilConnected(rig, false);
  rig.discord.say(dm, "two");
  await untilTaken(rig, 2);
  await untilConnected(rig, true);
  assert.deepEqual(rig.texts(), ["one", "two"]);
  assert.equal(rig.discord.gateway.resumeCount(), 1);
  assert.equal(rig.told.disconnected.length, 1);
  assert.equal(rig.told.connected.length, 1);
});

test("a planned reconnect is resumed, and what was said meanwhile is heard once, without a look into the history", async () => {
  await using rig = await discordRig({ clock: hurried() });
  const dm = rig.discord.openDm();
  rig.intake.places = [{ chatType: "dm", chatId: dm, threadId: null, lastHeardAtMs: systemClock.nowMs() }];
  rig.discord.gateway.askToReconnect();
  await until("it has hung up", () => rig.discord.gateway.socketCount() === 0);
  rig.discord.say(dm, "meanwhile");
  await until("it was resumed", () => rig.discord.gateway.resumeCount() === 1);
  await untilConnected(rig, true);
  rig.discord.say(dm, "after it");
  await untilTaken(rig, 2);
  assert.deepEqual(rig.texts(), ["meanwhile", "after it"]);
  assert.ok(!rig.discord.calls.some((call) => call.startsWith(`GET /channels/${dm}`)));
});

test("a session that can't be resumed is begun anew", async () => {
  await using rig = await discordRig({ clock: hurried() });
  const { gateway } = rig.discord;
  // A hurried clock gives a slow machine a second to begin a session: it may take more than one.
  for (const lose of [() => gateway.invalidate(false), () => gateway.drop({ forget: true })]) {
    const before = gateway.identifyCount();
    lose();
    await until("it identified again", () => gateway.identifyCount() > before);
    await untilConnected(rig, true);
  }
});

test("a mute connection is noticed, given up, and replaced", async () => {
  await using rig = await discordRig({ clock: hurried(), heartbeatIntervalMs: 100 });
  rig.discord.gateway.mute();
  await untilConnected(rig, false);
  await untilConnected(rig, true);
  rig.discord.say(rig.discord.openDm(), "can you hear me?");
  await untilTaken(rig, 1);
});

test("a token that is revoked while running takes nothing down, and is tried again", async () => {
  await using rig = await discordRig({ clock: hurriedClock(1_000) });
  const { token } = rig.discord;
  rig.discord.token = "another";
  rig.discord.gateway.drop({ code: 4004 });
  await until("it says what to do", () => /Reset Token/.test(rig.adapter.health().detail));
  assert.equal(rig.adapter.health().connected, false);
  assert.ok(rig.told.disconnected.some((detail) => detail.includes("Reset Token")));
  rig.discord.token = token;
  await untilConnected(rig, true);
});

for (const code of [4010, 4011, 4012, 4013, 4014]) {
  test(`the final close ${code} takes nothing down`, async () => {
    await using rig = await discordRig({ clock: hurriedClock(1_000) });
    rig.discord.gateway.drop({ code });
    await until("it was told", () => rig.told.disconnected.length > 0);
    await untilConnected(rig, true);
  });
}

test("frames and events that make no sense take nothing down", async () => {
  await using rig = await discordRig({ clock: hurried() });
  const frames = [
    "what?",
    "null",
    "7",
    '{"op":9}',
    '{"op":10}',
    '{"op":0,"t":"READY","s":1,"d":null}',
    '{"op":0,"t":"MESSAGE_CREATE","s":2,"d":null}',
    '{"op":0,"t":"MESSAGE_CREATE","s":3,"d":{"channel_id":"1","id":"2"}}',
    '{"op":0,"t":"GUILD_CREATE","s":4,"d":{"channels":7,"threads":[null]}}',
    '{"op":0,"t":"INTERACTION_CREATE","s":5,"d":{"channel_id":"1"}}',
    '{"op":0,"t":"error","s":6,"d":{}}',
  ];
  for (const frame of frames) {
    rig.discord.gateway.sendRaw(frame);
  }
  await until("something of it was told", () => rig.told.warnings.length > 0);
  await until("it is connected", () => rig.adapter.health().connected && rig.discord.gateway.connectionCount() > 0);
  const dm = rig.discord.openDm();
  await until("it hears", () => {
    if (rig.intake.messages.length === 0) rig.discord.say(dm, "still there?");
    return rig.intake.messages.length > 0;
  });
});

test("while it stops nothing is read, posts still go out, and after the end no connection is left", async () => {
  await using discord = await fakeDiscord();
  const rig = await discordRig({ discord });
  const dm = discord.openDm();
  const entered = Promise.withResolvers<void>();
  const held = Promise.withResolvers<undefined>();
  rig.intake.beforeAccept = () => {
    entered.resolve();
    return held.promise;
  };
  discord.say(dm, "one");
  await entered.promise;
  let isStopped = false;
  const stopping = rig.adapter.stop().then(() => {
    isStopped = true;
  });
  discord.say(dm, "two");
  await rig.adapter.send(outbound(dm, { text: "wait" }));
  assert.equal(isStopped, false);
  held.resolve(undefined);
  await stopping;
  await rig.adapter.send(outbound(dm, { text: "bye" }));
  assert.deepEqual(rig.texts(), ["one"]);
  assert.deepEqual(discord.textsIn(dm), ["wait", "bye"]);
  await rig.adapter.close?.();
  await until("the connection is closed", () => discord.gateway.socketCount() === 0);
  assert.equal(rig.adapter.health().connected, false);
});

test("an end while it reconnects leaves no connection behind", async () => {
  await using discord = await fakeDiscord();
  const rig = await discordRig({ discord, clock: hurried() });
  discord.gateway.drop();
  await untilConnected(rig, false);
  await rig.adapter.stop();
  await rig.adapter.close?.();
  // discord.js would be back half a second later.
  const untilMs = performance.now() + 1_200;
  await until("its time is over", () => performance.now() > untilMs || discord.gateway.socketCount() > 0);
  assert.equal(discord.gateway.socketCount(), 0);
});

test("an end before the first connection leaves nothing behind", async () => {
  await using discord = await fakeDiscord();
  discord.traits.isDown = true;
  const rig = await discordRig({ discord, clock: hurried(), isStarted: false });
  await rig.adapter.start(rig.intake);
  await rig.adapter.stop();
  await rig.adapter.close?.();
  discord.traits.isDown = false;
  assert.equal(discord.gateway.socketCount(), 0);
});

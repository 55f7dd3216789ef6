import assert from "node:assert/strict";
import { test } from "node:test";
import { placesToRead } from "../../../adapters/slack/catch-up-places.ts";
import { type Clock, systemClock } from "../../../src/clock/clock.ts";
import type { RecentPlace } from "../../../src/platform/adapter.ts";
import { until } from "../../support/until.ts";
import { outbound, runningSlack } from "./running-slack.ts";

const place = (overrides: Partial<RecentPlace>): RecentPlace => ({
  chatType: "dm",
  chatId: "D0ADA",
  threadId: null,
  lastHeardAtMs: Date.now(),
  ...overrides,
});

test("what was said while the daemon was down is read, the earliest first, from chats and their threads", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  const root = fake.sayUnheard({ text: "<@U0BOTUSER> old", channel: "C0GENERAL" });
  await adapter.send(outbound({ chatId: "C0GENERAL", threadId: root, text: "our own" }));
  for (const text of ["one", "two"]) fake.sayUnheard({ text });
  fake.sayUnheard({ text: "a new question of <@U0BOB>: <@U0BOTUSER>", channel: "C0GENERAL" });
  fake.sayUnheard({ text: "follow-up", channel: "C0GENERAL", threadTs: root });
  intake.places = [place({}), place({ chatType: "thread", chatId: "C0GENERAL", threadId: root })];
  await adapter.start(intake);
  await until("all is read", () => intake.messages.length === 5);
  const texts = (chatId: string) =>
    intake.messages.filter(({ source }) => source.chatId === chatId).map(({ text }) => text);
  assert.deepEqual(texts("D0ADA"), ["one", "two"]);
  assert.deepEqual(texts("C0GENERAL"), ["old", "a new question of @bob:", "follow-up"]);
  const [followUp] = intake.messages.filter(({ text }) => text === "follow-up");
  assert.deepEqual([followUp?.source.chatType, followUp?.source.threadId], ["thread", root]);
  assert.equal(followUp?.source.workspaceId, "T0HARNESS");
});

test("what is read from history is the message that the event would have been", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  const ts = fake.sayUnheard({ text: "hello <@U0BOTUSER>", channel: "C0GENERAL" });
  intake.places = [place({ chatType: "channel", chatId: "C0GENERAL" })];
  await adapter.start(intake);
  await until("it is read", () => intake.messages.length === 1);
  const message = {
    type: "message",
    user: "U0ADA",
    text: "hello <@U0BOTUSER>",
    channel: "C0GENERAL",
    channel_type: "channel",
  };
  fake.event({ ...message, ts, event_ts: ts });
  await until("it is delivered", () => intake.messages.length === 2);
  assert.deepEqual(intake.messages[0], intake.messages[1]);
});

test("after a lost connection the gap is read, before what comes after it", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  fake.sockets.losesWhileDown = true;
  fake.faults.next("conversations.history", { kind: "slow", delayMs: 150 });
  fake.sockets.drop();
  fake.say({ text: "lost" });
  intake.places = [place({})];
  await until("it is connected again", () => fake.sockets.count() === 1);
  fake.say({ text: "heard" });
  await until("both arrive", () => new Set(intake.messages.map(({ messageId }) => messageId)).size === 2);
  assert.deepEqual(
    intake.messages.slice(0, 2).map(({ text }) => text),
    ["lost", "heard"],
  );
});

test("a chat's new messages wait for its old ones longer than Slack waits for a confirmation", async () => {
  const hurried: Clock = { ...systemClock, setTimer: (delayMs, fire) => systemClock.setTimer(delayMs / 10, fire) };
  await using slack = await runningSlack({ clock: hurried });
  const { fake, intake } = slack;
  fake.sockets.losesWhileDown = true;
  fake.faults.next("conversations.history", { kind: "slow", delayMs: 600 });
  fake.sockets.drop();
  fake.say({ text: "missed" });
  intake.places = [place({})];
  await until("it is connected again", () => fake.sockets.count() === 1);
  fake.say({ text: "new" });
  await until("both are heard", () => intake.messages.length >= 2);
  assert.deepEqual(
    intake.messages.slice(0, 2).map(({ text }) => text),
    ["missed", "new"],
  );
});

test("a chat in which somebody writes is caught up with before the others", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  fake.sockets.losesWhileDown = true;
  const chats = Array.from({ length: 20 }, (_, number) => `D${number}`);
  for (const channel of chats) fake.workspace.channel(channel);
  fake.sockets.drop();
  fake.say({ text: "missed", channel: "D19" });
  intake.places = chats.map((chatId) => place({ chatId }));
  for (let calls = 0; calls < 4; calls++) fake.faults.next("conversations.history", { kind: "slow", delayMs: 100 });
  await until("it is connected again", () => fake.sockets.count() === 1);
  fake.say({ text: "new", channel: "D19" });
  await until("both are heard", () => new Set(intake.messages.map(({ text }) => text)).size === 2);
  const asked = fake.calls.flatMap(({ method, args }) => (method === "conversations.history" ? [args.channel] : []));
  assert.ok(asked.indexOf("D19") < 8, asked.join(" "));
});

test("of a long gap the latest hundred messages of a chat are read", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  for (let number = 0; number < 130; number++) fake.sayUnheard({ text: String(number) });
  intake.places = [place({})];
  await adapter.start(intake);
  await until("they are read", () => intake.messages.length === 100);
  assert.deepEqual([intake.messages[0]?.text, intake.messages.at(-1)?.text], ["30", "129"]);
});

test("what was said more than a day ago is not read, nor a chat in which nothing was heard since", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  const HOUR_MS = 3_600_000;
  const saidAgo = (text: string, agoMs: number) => {
    const ts = ((Date.now() - agoMs) / 1_000).toFixed(6);
    fake.workspace.add("D0ADA", { user: "U0ADA", text, ts });
  };
  saidAgo("too old", 24 * HOUR_MS + 60_000);
  saidAgo("old", 24 * HOUR_MS - 60_000);
  // Heard of a moment within the day: the overlap reaches beyond it.
  const known = place({ lastHeardAtMs: Date.now() - 24 * HOUR_MS + 30_000 });
  intake.places = [known, place({ chatId: "D0BOB", lastHeardAtMs: Date.now() - 25 * HOUR_MS })];
  await adapter.start(intake);
  await until("it is read", () => intake.messages.length > 0);
  fake.say({ text: "live" });
  await until("the live one arrives", () => intake.messages.some(({ text }) => text === "live"));
  assert.deepEqual(
    intake.messages.map(({ text }) => text),
    ["old", "live"],
  );
  const read = fake.calls.flatMap(({ method, args }) => (method === "conversations.history" ? [args.channel] : []));
  assert.deepEqual(read, ["D0ADA"]);
});

test("what is read is handed over in order, and what shares a transaction at once", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  for (let number = 0; number < 30; number++) fake.sayUnheard({ text: String(number) });
  intake.places = [place({})];
  const disk = Promise.withResolvers<undefined>();
  intake.beforeAccept = () => disk.promise;
  await adapter.start(intake);
  await until("some are handed over", () => intake.messages.length === 20);
  disk.resolve(undefined);
  await until("all are", () => intake.messages.length === 30);
  assert.deepEqual(
    intake.messages.map(({ text }) => Number(text)),
    Array.from({ length: 30 }, (_, number) => number),
  );
});

test("of a thread in which much was said before the gap, the end is read", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  const root = fake.sayUnheard({ text: "<@U0BOTUSER> root", channel: "C0GENERAL" });
  for (let number = 0; number < 430; number++) {
    fake.sayUnheard({ text: `<@U0BOTUSER> ${number}`, channel: "C0GENERAL", threadTs: root });
  }
  intake.places = [place({ chatType: "thread", chatId: "C0GENERAL", threadId: root })];
  await adapter.start(intake);
  const inThread = () => intake.messages.flatMap(({ source, text }) => (source.threadId === root ? [text] : []));
  await until("they are read", () => inThread().at(-1) === "429");
  assert.equal(inThread().at(-100), "330");
});

test("a limit and an outage are waited for; a chat that is gone is told and holds up nothing", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake, events } = slack;
  fake.sayUnheard({ text: "one" });
  fake.sayUnheard({ text: "two", channel: "D0BOB", user: "U0BOB" });
  const ofAda = { where: ({ channel }: Readonly<Record<string, unknown>>) => channel === "D0ADA" };
  fake.faults.next("conversations.history", { kind: "rate_limited", retryAfterSeconds: 1 }, ofAda);
  fake.faults.next("conversations.history", { kind: "close" }, ofAda);
  intake.places = [place({}), place({ chatId: "D0GONE" }), place({ chatId: "D0BOB" })];
  await adapter.start(intake);
  await until("both are read", () => intake.messages.length === 2);
  assert.deepEqual(
    intake.messages.map(({ text }) => text),
    ["two", "one"],
  );
  assert.deepEqual(events.told, ["warning: what was said in a chat while the bot was away could not be read"]);
});

test("what could not be stored is read again", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  fake.sayUnheard({ text: "one" });
  intake.places = [place({})];
  intake.beforeAccept = () => {
    if (intake.messages.length === 1) throw new Error("the disk is full");
    return undefined;
  };
  await adapter.start(intake);
  await until("it is taken", () => intake.messages.length === 2);
});

test("a stop ends the reading", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake } = slack;
  fake.faults.always("conversations.history", { kind: "rate_limited", retryAfterSeconds: 600 });
  intake.places = [place({})];
  await adapter.start(intake);
  await until("it was asked", () => fake.calls.some(({ method }) => method === "conversations.history"));
  await adapter.stop();
});

test("a thread is read with its channel, each from when it was heard of, and a channel once", () => {
  const places = placesToRead([
    place({ chatType: "thread", chatId: "C1", threadId: "1.1", lastHeardAtMs: 10_000_000 }),
    place({ chatType: "thread", chatId: "C1", threadId: "2.2", lastHeardAtMs: 9_000_000 }),
    place({ chatType: "dm", chatId: "D1", threadId: "3.3", lastHeardAtMs: 8_000_000 }),
  ]);
  assert.deepEqual(places, [
    { chatId: "C1", threadId: null, kind: null, sinceMs: 10_000_000 - 120_000 },
    { chatId: "D1", threadId: null, kind: "dm", sinceMs: 8_000_000 - 120_000 },
    { chatId: "C1", threadId: "1.1", kind: null, sinceMs: 10_000_000 - 120_000 },
    { chatId: "C1", threadId: "2.2", kind: null, sinceMs: 9_000_000 - 120_000 },
    { chatId: "D1", threadId: "3.3", kind: "dm", sinceMs: 8_000_000 - 120_000 },
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { lossTeller } from "../../../adapters/slack/loss-teller.ts";
import { startSocket } from "../../../adapters/slack/socket.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { APP_TOKEN, BOT_TOKEN, runningSlack, toldEvents } from "./running-slack.ts";

// An unhandled rejection fails the test it happens in: none of these may leave one.

test("a connection that breaks off is made again, and what was said meanwhile arrives once", async () => {
  await using slack = await runningSlack();
  const { fake, adapter, intake, events } = slack;
  assert.equal(adapter.health().connected, true);
  fake.sockets.drop();
  await until("the loss is noticed", () => !adapter.health().connected);
  fake.say({ text: "while you were away" });
  await until("the message arrives", () => intake.messages.length === 1);
  assert.equal(adapter.health().connected, true);
  assert.deepEqual(
    events.told.filter((line) => !line.startsWith("ignored")),
    ["disconnected: the connection to Slack ended", "connected"],
  );
});

test("a connection that broke off is made again within half a second, whatever the library would wait", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ clock });
  const { fake, adapter } = slack;
  const before = connectionsAsked(fake);
  fake.sockets.drop();
  await until("the loss is noticed", () => !adapter.health().connected);
  await until("it waits", () => clock.timerCount() > 0);
  await clock.advance(500);
  await until("it asks for another connection", () => connectionsAsked(fake) === before + 1);
  await until("it is connected", () => adapter.health().connected);
});

test("Slack moves its connections without a word to operators", async () => {
  await using slack = await runningSlack();
  const { fake, adapter, intake, events } = slack;
  for (const reason of ["refresh_requested", "warning"]) {
    const before = fake.sockets.opened();
    fake.sockets.disconnect(reason);
    await until("it is connected anew", () => fake.sockets.opened() === before + 1 && adapter.health().connected);
  }
  fake.say({ text: "still there?" });
  await until("the message arrives", () => intake.messages.length === 1);
  assert.deepEqual(events.told, []);
});

test("an app token that is revoked during a reconnect does not end the process, and is tried again later", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ clock });
  const { fake, adapter, events } = slack;
  fake.refusedTokens.set(APP_TOKEN, "invalid_auth");
  fake.sockets.drop();
  await until("Slack has refused", async () => {
    await clock.advance(100);
    return events.told.length > 0 && connectionsAsked(fake) >= 2;
  });
  await until("the advice is shown", () => /appToken: Slack refused it \(invalid_auth\)/.test(adapter.health().detail));
  assert.equal(adapter.health().connected, false);
  fake.refusedTokens.clear();
  await until("it is connected again", async () => {
    await clock.advance(5_000);
    return adapter.health().connected;
  });
  assert.equal(events.told.at(-1), "connected");
  assert.ok(!events.told.join().includes(APP_TOKEN) && !events.told.join().includes(BOT_TOKEN));
});

test("a stop during a reconnect, before Slack has said hello, ends quietly", async () => {
  await using slack = await runningSlack();
  const { fake, adapter } = slack;
  fake.sockets.holdsHello = true;
  fake.sockets.drop();
  await until("the second connection is open", () => fake.sockets.opened() === 2);
  await adapter.stop();
  assert.deepEqual(adapter.health(), { ...adapter.health(), connected: false, detail: "stopped" });
});

test("a stop while the address of a connection is being asked for ends at once", async () => {
  await using slack = await runningSlack();
  const { fake, adapter } = slack;
  fake.faults.always("apps.connections.open", { kind: "slow", delayMs: 300 });
  const before = connectionsAsked(fake);
  fake.sockets.drop();
  await until("it asks", () => connectionsAsked(fake) > before);
  await adapter.stop();
  assert.equal(fake.calls.at(-1)?.answeredAtMs, null);
  await until("the address has come", () => fake.calls.at(-1)?.answeredAtMs !== null);
  await until("no socket is open", () => fake.sockets.count() === 0);
  assert.equal(adapter.health().detail, "stopped");
});

test("an outage of the Web API is outlasted", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ clock });
  const { fake, adapter, intake } = slack;
  fake.faults.next("apps.connections.open", { kind: "status", status: 503 });
  fake.faults.next("apps.connections.open", { kind: "close" });
  fake.faults.next("apps.connections.open", { kind: "garbage" });
  fake.sockets.drop();
  await until("it is connected again", async () => {
    await clock.advance(100);
    return connectionsAsked(fake) === 5 && adapter.health().connected;
  });
  fake.say({ text: "back?" });
  await until("the message arrives", () => intake.messages.length === 1);
});

test("a 429 on the way to a connection is obeyed", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ clock });
  const { fake, adapter, events } = slack;
  fake.faults.next("apps.connections.open", { kind: "rate_limited", retryAfterSeconds: 20 });
  fake.sockets.drop();
  await until("the loss is noticed", () => events.told.length === 1);
  await until("it has asked", async () => {
    await clock.advance(400);
    return connectionsAsked(fake) === 2;
  });
  // Everything but the time that Slack asked for has passed by now.
  await until("the answer is there", () => adapter.health().detail.includes("fewer"));
  await clock.advance(19_000);
  assert.equal(connectionsAsked(fake), 2);
  await clock.advance(1_500);
  await until("it is connected again", () => adapter.health().connected);
});

test("what an operator has to mend is said: Socket Mode off, too many connections", async () => {
  for (const [reason, said] of [
    ["link_disabled", /Socket Mode is switched off/],
    ["too_many_websockets", /ten connections/],
  ] as const) {
    await using slack = await runningSlack();
    slack.fake.sockets.disconnect(reason);
    await until("it is told", () => slack.events.told.length === 1);
    assert.match(slack.events.told[0] ?? "", said);
    assert.match(slack.adapter.health().detail, said);
  }
});

test("a socket that is open but deaf is replaced", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake } = slack;
  const events = toldEvents();
  let hellos = 0;
  const socket = startSocket({
    account: "default",
    appToken: APP_TOKEN,
    apiUrl: fake.apiUrl,
    pingTimeoutMs: 150,
    clock: systemClock,
    events,
    loss: lossTeller(events),
    deliver: async () => ({ kind: "confirm", reply: null }),
    connected: () => {
      hellos += 1;
    },
  });
  assert.equal(await socket.firstRefusal, null);
  fake.sockets.mute();
  await until("a second connection has said hello", () => hellos === 2 && socket.state().connected);
  assert.deepEqual(events.told, ["disconnected: the connection to Slack ended", "connected"]);
  await socket.stop();
});

test("a socket that Slack said goodbye on and does not close is cut off", async () => {
  await using slack = await runningSlack();
  const { fake, adapter } = slack;
  fake.sockets.disconnect("warning");
  fake.sockets.mute();
  await until("a second connection has said hello", () => fake.sockets.opened() === 2 && adapter.health().connected);
});

test("what comes over the socket and is no message of Slack's is counted, and harms nothing", async () => {
  await using slack = await runningSlack();
  const { fake, intake, events } = slack;
  for (const text of [
    "null",
    "7",
    '{"type":"events_api"}',
    '{"type":"events_api","payload":{"event":null}}',
    "{",
    '"disconnect"',
  ]) {
    fake.sockets.sendRaw(text);
  }
  fake.say({ text: "hello" });
  await until("the message arrives", () => intake.messages.length === 1);
  assert.equal(fake.sockets.opened(), 1);
  assert.deepEqual(new Set(events.told), new Set(["ignored: not_understood"]));
});

function connectionsAsked(fake: { readonly calls: readonly { readonly method: string }[] }): number {
  return fake.calls.filter(({ method }) => method === "apps.connections.open").length;
}

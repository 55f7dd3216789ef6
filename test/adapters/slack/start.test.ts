import assert from "node:assert/strict";
import { test } from "node:test";
import { slackAdapter } from "../../../adapters/slack/adapter.ts";
import { fakeSlack } from "../../fake/slack/fake-slack.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { testIntake } from "../../support/test-intake.ts";
import { until } from "../../support/until.ts";
import { APP_TOKEN, BOT_TOKEN, outbound, runningSlack, slackOptions, toldEvents } from "./running-slack.ts";

test("a wrong token is refused at the start with where to get a right one, and never shown", async () => {
  for (const [token, error, expected] of [
    [
      BOT_TOKEN,
      "invalid_auth",
      /platforms\.slack\.botToken: Slack refused it \(invalid_auth\)\. .*OAuth & Permissions/,
    ],
    [BOT_TOKEN, "account_inactive", /botToken.*account_inactive/],
    [APP_TOKEN, "invalid_auth", /platforms\.slack\.appToken: .*App-Level Tokens/],
    [APP_TOKEN, "missing_scope", /appToken.*connections:write/],
  ] as const) {
    await using slack = await runningSlack({ starts: false });
    const { fake, adapter, intake } = slack;
    fake.refusedTokens.set(token, error);
    const refusal = await adapter.start(intake).then(
      () => assert.fail("it started"),
      (thrown: unknown) => thrown,
    );
    assert.ok(refusal instanceof Error);
    assert.match(refusal.message, expected);
    assert.ok(!refusal.message.includes(token));
  }
});

test("each token in the other's place is told apart", async () => {
  const fake = await fakeSlack({ botToken: BOT_TOKEN, appToken: APP_TOKEN });
  const swapped = slackAdapter({ ...slackOptions(fake, toldEvents()), appToken: BOT_TOKEN });
  await assert.rejects(swapped.start(testIntake()), /appToken.*not_allowed_token_type/);
  assert.throws(() => slackAdapter({ ...slackOptions(fake, toldEvents()), appToken: null }), /appToken/);
  assert.throws(
    () => slackAdapter({ ...slackOptions(fake, toldEvents()), mode: "http", signingSecret: null }),
    /signingSecret/,
  );
  await fake.close();
});

test("missing scopes are told once, with what they are for", async () => {
  await using slack = await runningSlack({ starts: false });
  slack.fake.scopes = "chat:write,app_mentions:read,im:history,channels:history,groups:history,mpim:history";
  await slack.adapter.start(slack.intake);
  assert.equal(slack.events.told.length, 1);
  assert.match(slack.events.told[0] ?? "", /lacks scopes: users:read \(know people's names\), .*reactions:write/);
});

test("without a network the start resolves, and it connects as soon as it can", async () => {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter, intake, events } = slack;
  fake.faults.next("auth.test", { kind: "close" }, { times: 2 });
  await adapter.start(intake);
  assert.equal(adapter.health().connected, false);
  assert.match(adapter.health().detail, /no connection to Slack/);
  await until("it is connected", () => adapter.health().connected);
  assert.equal(events.told.length, 2);
  assert.match(events.told[0] ?? "", /^disconnected: no connection to Slack/);
  assert.equal(events.told[1], "connected");
  fake.say({ text: "hello" });
  await until("the message arrives", () => intake.messages.length === 1);
});

test("a Slack that does not answer holds up no start", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter, intake, events } = slack;
  fake.faults.next("auth.test", { kind: "hang" });
  let isStarted = false;
  const starting = adapter.start(intake).then(() => {
    isStarted = true;
  });
  await until("Slack is asked", () => fake.calls.length === 1);
  assert.equal(isStarted, false);
  await clock.advance(5_000);
  await starting;
  assert.deepEqual(events.told, ["disconnected: Slack has not answered yet"]);
  assert.equal(adapter.health().connected, false);
});

test("a token that is refused after an outage is told, and tried again", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter, intake, events } = slack;
  fake.faults.next("auth.test", { kind: "close" });
  fake.refusedTokens.set(BOT_TOKEN, "invalid_auth");
  await adapter.start(intake);
  await until("both are told", async () => {
    await clock.advance(500);
    return events.told.length === 2;
  });
  assert.match(events.told[1] ?? "", /^disconnected: platforms\.slack\.botToken/);
  fake.refusedTokens.clear();
  await until("it is connected", async () => {
    await clock.advance(5_000);
    return adapter.health().connected;
  });
  assert.deepEqual(events.told.slice(2), ["connected"]);
});

test("a bot token that is revoked later is no connection, until a post is taken again", async () => {
  await using slack = await runningSlack();
  const { fake, adapter } = slack;
  fake.refusedTokens.set(BOT_TOKEN, "token_revoked");
  await assert.rejects(adapter.send(outbound()), { kind: "unauthorized", scope: "bot", certain: true });
  assert.equal(adapter.health().connected, false);
  assert.match(adapter.health().detail, /botToken: Slack refused it \(token_revoked\)/);
  fake.refusedTokens.clear();
  await adapter.send(outbound());
  assert.equal(adapter.health().connected, true);
});

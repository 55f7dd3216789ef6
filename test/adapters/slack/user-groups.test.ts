import assert from "node:assert/strict";
import { test } from "node:test";
import { openUserGroups } from "../../../adapters/slack/user-groups.ts";
import { openWebClient } from "../../../adapters/slack/web-client.ts";
import { fakeSlack } from "../../fake/slack/fake-slack.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { APP_TOKEN, BOT_TOKEN, runningSlack, toldEvents } from "./running-slack.ts";

const MINUTE_MS = 60_000;

test("a message tells which of the named user groups its sender belongs to; nobody asks where none is named", async () => {
  await using plain = await runningSlack();
  plain.fake.say({ text: "hi", user: "U0ADA" });
  await until("it arrives", () => plain.intake.messages.length === 1);
  assert.equal(plain.intake.messages[0]?.roleIds, undefined);
  assert.equal(plain.fake.calls.filter(({ method }) => method.startsWith("usergroups")).length, 0);

  await using slack = await runningSlack({ userGroups: ["S1", "S2"], starts: false });
  const { fake, intake, adapter } = slack;
  fake.workspace.userGroups.set("S1", ["U0ADA"]).set("S2", ["U0BOB"]);
  await adapter.start(intake);
  fake.say({ text: "hi", user: "U0ADA" });
  await until("it arrives", () => intake.messages.length === 1);
  assert.deepEqual(intake.messages[0]?.roleIds, ["S1"]);
});

/** Groups of a Slack of their own. */
async function asked(ids: readonly string[]) {
  const fake = await fakeSlack({ botToken: BOT_TOKEN, appToken: APP_TOKEN });
  const clock = fakeClock(0);
  const events = toldEvents();
  const { web, calls } = openWebClient(BOT_TOKEN, fake.apiUrl, clock);
  const { signal } = new AbortController();
  return {
    fake,
    clock,
    events,
    groups: openUserGroups(web, ids, { clock, events, signal }),
    count: () => fake.calls.filter(({ method }) => method === "usergroups.users.list").length,
    async [Symbol.asyncDispose]() {
      calls.close();
      await fake.close();
    },
  };
}

test("members are read once in five minutes, and meanwhile nothing is waited for", async () => {
  await using a = await asked(["S1", "S2"]);
  const { fake, groups, clock } = a;
  fake.workspace.userGroups.set("S1", ["U0ADA", "U0BOB"]).set("S2", ["U0ADA"]);
  await groups.load();
  assert.deepEqual([groups.of("U0ADA"), groups.of("U0BOB"), groups.of("U0EVE")], [["S1", "S2"], ["S1"], []]);
  fake.workspace.userGroups.set("S1", ["U0EVE"]);
  assert.equal(groups.load(), null);
  assert.equal(a.count(), 2);
  await clock.advance(5 * MINUTE_MS);
  assert.equal(groups.load(), null);
  await until("who left is gone", () => groups.of("U0BOB").length === 0);
  assert.deepEqual(groups.of("U0EVE"), ["S1"]);
});

test("what can't be read is told once, asked for again after a minute, and lets nobody in for longer than an hour", async () => {
  await using a = await asked(["S1"]);
  const { fake, groups, clock, events } = a;
  await groups.load();
  await groups.load();
  assert.equal(a.count(), 1);
  assert.match(
    events.told.join(),
    /^warning: who belongs to the user group S1 could not be read: .*usergroups:read\.$/,
  );
  fake.workspace.userGroups.set("S1", ["U0ADA"]);
  await clock.advance(MINUTE_MS);
  await groups.load();
  assert.deepEqual(groups.of("U0ADA"), ["S1"]);
  fake.workspace.userGroups.clear();
  await clock.advance(59 * MINUTE_MS);
  void groups.load();
  await until("it is asked", () => a.count() === 3);
  assert.deepEqual(groups.of("U0ADA"), ["S1"]);
  await clock.advance(2 * MINUTE_MS);
  assert.deepEqual(groups.of("U0ADA"), []);
  assert.equal(events.told.length, 1);
});

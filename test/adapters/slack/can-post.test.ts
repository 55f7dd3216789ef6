import assert from "node:assert/strict";
import { test } from "node:test";
import type { SlackFault } from "../../fake/slack/faults.ts";
import type { FakeChannel } from "../../fake/slack/workspace.ts";
import { runningSlack } from "./running-slack.ts";

const { signal } = new AbortController();

/** What is said of a channel that differs so from an ordinary one. */
async function asked(about: Partial<FakeChannel>, more: { scopes?: string; fault?: SlackFault } = {}) {
  await using slack = await runningSlack({ starts: false });
  const { fake, adapter } = slack;
  fake.workspace.channels.set("C0TEAM", { ...fake.workspace.channel("C0TEAM"), ...about });
  if (more.scopes !== undefined) fake.scopes = more.scopes;
  if (more.fault !== undefined) fake.faults.next("conversations.info", more.fault);
  return (await adapter.canPost?.({ chatId: "C0TEAM", threadId: null }, signal)) ?? null;
}

test("the bot posts in channels it is in, and in direct messages", async () => {
  assert.equal(await asked({}), null);
  assert.equal(await asked({ type: "im" }), null);
  assert.equal(await asked({ type: "mpim", isMember: false }), null);
});

test("a channel it is not in is refused, but for a public one where its scopes let it post everywhere", async () => {
  const scopes = "chat:write,chat:write.public";
  assert.match((await asked({ isMember: false })) ?? "", /is not in this channel\. Say \/invite/);
  assert.equal(await asked({ isMember: false }, { scopes }), null);
  assert.match((await asked({ isMember: false, type: "group" }, { scopes })) ?? "", /is not in this channel/);
  assert.match((await asked({ isArchived: true })) ?? "", /archived/);
});

test("a person's id stands for their direct messages", async () => {
  await using slack = await runningSlack({ starts: false });
  assert.equal(await slack.adapter.canPost?.({ chatId: "U0ADA", threadId: null }, signal), null);
  assert.equal(slack.fake.calls.length, 0);
});

const answers: readonly (readonly [string, SlackFault, boolean])[] = [
  ["a conversation it does not see", { kind: "error", error: "channel_not_found" }, true],
  ["a missing scope", { kind: "error", error: "missing_scope", needed: "channels:read" }, false],
  ["a refused token", { kind: "error", error: "invalid_auth" }, false],
  ["too many calls", { kind: "rate_limited", retryAfterSeconds: 3 }, false],
  ["a server's trouble", { kind: "status", status: 500 }, false],
  ["a cut connection", { kind: "close" }, false],
  ["no JSON", { kind: "garbage" }, false],
];

for (const [what, fault, isRefusal] of answers) {
  test(`${what} is ${isRefusal ? "a" : "no"} refusal`, async () => {
    assert.equal(typeof (await asked({}, { fault })), isRefusal ? "string" : "object");
  });
}

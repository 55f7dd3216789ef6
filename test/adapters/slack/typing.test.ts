import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClock } from "../../support/fake-clock.ts";
import { until } from "../../support/until.ts";
import { outbound, runningSlack } from "./running-slack.ts";

/** Later than any sign is waited with. */
const SOON_MS = 1_000;

test("in a thread a status is shown, repeated, and taken back when nothing was posted", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter } = slack;
  const threadId = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
  const message = { chatId: "C0GENERAL", threadId, messageId: threadId };
  const shown = adapter.typing(message);
  await clock.advance(SOON_MS);
  await shown;
  await adapter.typing(message);
  await adapter.typingDone(message);
  assert.deepEqual(
    fake.statuses.map(({ status }) => status),
    ["is thinking…", "is thinking…", ""],
  );
  assert.equal(fake.statuses[0]?.threadTs, threadId);
});

test("Slack takes a status back by itself when the answer is posted", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter } = slack;
  const threadId = fake.sayUnheard({ text: "hi", channel: "C0GENERAL" });
  const message = { chatId: "C0GENERAL", threadId, messageId: threadId };
  const shown = adapter.typing(message);
  await clock.advance(SOON_MS);
  await shown;
  await adapter.send(outbound({ chatId: "C0GENERAL", threadId }));
  await adapter.typingDone(message);
  assert.equal(fake.statuses.length, 1);
});

test("without a thread the message gets a reaction, once, and loses it when the answer is there", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter } = slack;
  const messageId = fake.sayUnheard({ text: "hi" });
  const message = { chatId: "D0ADA", threadId: null, messageId };
  const shown = adapter.typing(message);
  await clock.advance(SOON_MS);
  await shown;
  await adapter.typing(message);
  assert.deepEqual([...(fake.workspace.find("D0ADA", messageId)?.reactions ?? [])], ["eyes"]);
  assert.equal(fake.calls.length, 1);
  await adapter.typingDone(message);
  assert.deepEqual([...(fake.workspace.find("D0ADA", messageId)?.reactions ?? [])], []);
});

test("an answer that comes at once costs no call", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const message = { chatId: "D0ADA", threadId: null, messageId: slack.fake.sayUnheard({ text: "hi" }) };
  const shown = slack.adapter.typing(message);
  await slack.adapter.typingDone(message);
  await shown;
  await clock.advance(SOON_MS);
  assert.equal(slack.fake.calls.length, 0);
});

test("a sign that is still under way when the answer is there is taken back all the same", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter } = slack;
  const messageId = fake.sayUnheard({ text: "hi" });
  const message = { chatId: "D0ADA", threadId: null, messageId };
  fake.faults.next("reactions.add", { kind: "slow", delayMs: 100 });
  const shown = adapter.typing(message);
  await clock.advance(SOON_MS);
  await until("the reaction is under way", () => fake.calls.length === 1);
  await Promise.all([adapter.typingDone(message), shown]);
  assert.deepEqual([...(fake.workspace.find("D0ADA", messageId)?.reactions ?? [])], []);
});

test("what Slack does not grant is tried once for direct messages and once for channels, and the next best is shown", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter } = slack;
  fake.faults.always("assistant.threads.setStatus", {
    kind: "error",
    error: "missing_scope",
    needed: "assistant:write",
  });
  for (const channel of ["C0GENERAL", "C0GENERAL", "D0ADA"]) {
    const threadId = fake.sayUnheard({ text: "hi", channel });
    const message = { chatId: channel, threadId, messageId: threadId };
    const shown = adapter.typing(message);
    await clock.advance(SOON_MS);
    await shown;
    assert.ok(fake.workspace.find(channel, threadId)?.reactions.has("eyes"));
    await adapter.typingDone(message);
  }
  assert.equal(fake.calls.filter(({ method }) => method === "assistant.threads.setStatus").length, 2);
});

test("a refusal of one message says nothing about the next, and commands have nothing to react to", async () => {
  const clock = fakeClock(Date.now());
  await using slack = await runningSlack({ starts: false, clock });
  const { fake, adapter } = slack;
  const messageId = fake.sayUnheard({ text: "hi" });
  for (const id of ["1.000001", "command-1.2.3", messageId]) {
    const shown = adapter.typing({ chatId: "D0ADA", threadId: null, messageId: id });
    await clock.advance(SOON_MS);
    await shown;
  }
  assert.deepEqual(
    fake.calls.map(({ args }) => args.timestamp),
    ["1.000001", messageId],
  );
});

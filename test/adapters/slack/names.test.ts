import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../support/until.ts";
import { runningSlack } from "./running-slack.ts";

test("a name that can't be looked up delays no message by more than a second, and drops none", async () => {
  for (const fault of [
    { kind: "hang" },
    { kind: "error", error: "missing_scope" },
    { kind: "garbage" },
    { kind: "rate_limited", retryAfterSeconds: 30 },
  ] as const) {
    await using slack = await runningSlack();
    const { fake, intake } = slack;
    fake.faults.always("users.info", fault);
    fake.faults.always("conversations.info", fault);
    fake.say({ text: "<@U0BOB> said so", channel: "C0GENERAL" });
    fake.say({ text: "and so did I", channel: "C0GENERAL" });
    await until("both arrive", () => intake.messages.length === 2);
    assert.deepEqual(
      intake.messages.map(({ text }) => text),
      ["@U0BOB said so", "and so did I"],
      fault.kind,
    );
    assert.equal(intake.messages[0]?.source.userName, null);
    const [first] = fake.sockets.envelopes;
    await until("it is confirmed", () => first?.ackedAtMs !== null);
    assert.ok((first?.ackedAtMs ?? 0) - (first?.sentAtMs[0] ?? 0) < 2_500);
  }
});

test("names are asked for once, and what waits for one keeps its place in the chat", async () => {
  await using slack = await runningSlack();
  const { fake, intake } = slack;
  fake.faults.next("users.info", { kind: "slow", delayMs: 200 }, { where: ({ user }) => user === "U0BOB" });
  fake.say({ text: "first", user: "U0ADA" });
  await until("the first arrives", () => intake.messages.length === 1);
  for (let number = 0; number < 20; number++)
    fake.say({ text: String(number), user: number === 0 ? "U0BOB" : "U0ADA" });
  await until("all arrive", () => intake.messages.length === 21);
  assert.deepEqual(
    intake.messages.slice(1).map(({ text }) => Number(text)),
    [...Array(20).keys()],
  );
  assert.equal(fake.calls.filter(({ method }) => method === "users.info").length, 2);
});

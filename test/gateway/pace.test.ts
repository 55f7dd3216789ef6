import assert from "node:assert/strict";
import { test } from "node:test";
import { openPace } from "../../src/gateway/pace.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { fakeClock } from "../support/fake-clock.ts";

const laneOf = (chatId: string, threadId: string | null = null) => ({
  platform: "telegram",
  account: "default",
  chatId,
  threadId,
});
const tooMany = (retryAfterMs: number, scope: "chat" | "bot" = "chat") =>
  new DeliveryError("rate_limited", "429", { certain: true, retryAfterMs, scope });

test("posts leave at once until the platform says that it is too much", () => {
  const pace = openPace(fakeClock(0), () => null);
  for (let post = 0; post < 100; post++) assert.equal(pace.waitMs(laneOf("a")), 0);
});

test("a chat that is limited waits as long as it was told, its threads with it, and no other chat does", async () => {
  const clock = fakeClock(0);
  const pace = openPace(clock, () => null);
  pace.limited(laneOf("a"), tooMany(3_000));
  assert.deepEqual(
    [pace.waitMs(laneOf("a")), pace.waitMs(laneOf("a", "7")), pace.waitMs(laneOf("b"))],
    [3_000, 3_000, 0],
  );
  await clock.advance(3_000);
  assert.equal(pace.waitMs(laneOf("a")), 0);
  assert.equal(pace.waitMs(laneOf("a")), 1_000, "the pace of the refusal is kept for a while");
  await clock.advance(61_000);
  assert.deepEqual([pace.waitMs(laneOf("a")), pace.waitMs(laneOf("a"))], [0, 0]);
});

test("a chat that is limited again goes slower", async () => {
  const clock = fakeClock(0);
  const pace = openPace(clock, () => null);
  pace.limited(laneOf("a"), tooMany(1_000));
  await clock.advance(1_000);
  pace.limited(laneOf("a"), tooMany(1_000));
  await clock.advance(1_000);
  assert.equal(pace.waitMs(laneOf("a")), 0);
  assert.equal(pace.waitMs(laneOf("a")), 2_000);
});

test("a limit of the whole bot holds up all of its chats, and no other bot", () => {
  const pace = openPace(fakeClock(0), () => null);
  pace.limited(laneOf("a"), tooMany(5_000, "bot"));
  assert.equal(pace.waitMs(laneOf("b")), 5_000);
  assert.equal(pace.waitMs({ ...laneOf("b"), account: "sales" }), 0);
});

test("an operator's cap spaces all posts of a bot", async () => {
  const clock = fakeClock(0);
  const pace = openPace(clock, () => 4);
  let sent = 0;
  for (let ms = 0; ms < 10_000; ms += 50) {
    if (pace.waitMs(laneOf(`chat ${ms % 7}`)) === 0) sent += 1;
    await clock.advance(50);
  }
  assert.equal(sent, 40);
});

test("growing posts of one chat change once a second between them", async () => {
  const clock = fakeClock(0);
  const pace = openPace(clock, () => null);
  assert.equal(pace.editWaitMs(laneOf("a")), 0);
  assert.equal(pace.editWaitMs(laneOf("a", "7")), 1_000);
  assert.equal(pace.editWaitMs(laneOf("b")), 0);
  pace.limited(laneOf("b"), tooMany(20_000));
  assert.equal(pace.editWaitMs(laneOf("b")), 20_000);
});

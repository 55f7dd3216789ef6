import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../src/clock/clock.ts";
import { DeliveryError } from "../../../src/platform/delivery-error.ts";
import { fakeDiscord } from "../../fake/discord/fake-discord.ts";
import { discordRig, outbound } from "./rig.ts";

const TEN_MINUTES_MS = 600_000;
const longAgo = () => ({ attempt: 2, firstTriedAtMs: systemClock.nowMs() - TEN_MINUTES_MS });

test("a post of long ago is found in the history by its text", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  rig.discord.say(dm, "**done**");
  const { text, outboxId } = outbound(dm, { text: "**done**" });
  const postId = await rig.adapter.send(outbound(dm, { text, outboxId }));
  assert.deepEqual(await rig.adapter.findPost?.(outbound(dm, { text, outboxId, ...longAgo() })), {
    kind: "found",
    postId,
  });
});

test("a post of long ago that the history does not have is absent", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  await rig.adapter.send(outbound(dm, { text: "something else" }));
  assert.deepEqual(await rig.adapter.findPost?.(outbound(dm, { text: "done", ...longAgo() })), { kind: "absent" });
});

test("the same text twice leaves doubt", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  await rig.adapter.send(outbound(dm, { text: "ok" }));
  await rig.adapter.send(outbound(dm, { text: "ok" }));
  assert.deepEqual(await rig.adapter.findPost?.(outbound(dm, { text: "ok", ...longAgo() })), { kind: "unknown" });
});

test("for two minutes its nonce answers for a post, and the history is not asked; then it is", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  const message = outbound(dm, { text: "done" });
  const postId = await rig.adapter.send(message);
  const asks = () => rig.discord.calls.filter((call) => call.startsWith(`GET /channels/${dm}/messages`)).length;
  const now = systemClock.nowMs();
  assert.deepEqual(await rig.adapter.findPost?.({ ...message, firstTriedAtMs: now - 115_000 }), { kind: "absent" });
  assert.equal(asks(), 0);
  const later = { ...message, firstTriedAtMs: now - 121_000 };
  assert.deepEqual(await rig.adapter.findPost?.(later), { kind: "found", postId });
  assert.equal(asks(), 1);
});

test("what was posted before the first attempt is not looked at", async () => {
  let nowMs = systemClock.nowMs() - 2 * TEN_MINUTES_MS;
  await using discord = await fakeDiscord({ nowMs: () => nowMs });
  await using rig = await discordRig({ discord });
  const dm = discord.openDm();
  await rig.adapter.send(outbound(dm, { text: "ok" }));
  nowMs += 2 * TEN_MINUTES_MS;
  assert.deepEqual(await rig.adapter.findPost?.(outbound(dm, { text: "ok", ...longAgo() })), { kind: "absent" });
});

test("a busy channel's history is read further than one page, and only so far", async () => {
  await using rig = await discordRig();
  const dm = rig.discord.openDm();
  for (let n = 0; n < 150; n++) rig.discord.say(dm, `${n}`, { isUnheard: true });
  const message = outbound(dm, { text: "done" });
  const postId = await rig.adapter.send(message);
  assert.deepEqual(await rig.adapter.findPost?.({ ...message, ...longAgo() }), { kind: "found", postId });
  for (let n = 0; n < 300; n++) rig.discord.say(dm, `${n}`, { isUnheard: true });
  assert.deepEqual(await rig.adapter.findPost?.({ ...message, text: "never", ...longAgo() }), { kind: "unknown" });
});

test("a history that can't be read is an error of delivery", async () => {
  await using rig = await discordRig();
  rig.discord.faults.add(/^GET /, { kind: "status", status: 500 });
  const asked = rig.adapter.findPost?.(outbound(rig.discord.openDm(), longAgo()));
  await assert.rejects(asked ?? Promise.resolve(), DeliveryError);
});

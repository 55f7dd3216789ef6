import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatStanding } from "../../fake/telegram/chats.ts";
import { type Fault, faults, refused } from "../../fake/telegram/faults.ts";
import { connect } from "./connect.ts";

const { signal } = new AbortController();
const place = { chatId: "-5001", threadId: null };

const standings: readonly (readonly [string, ChatStanding, RegExp | null])[] = [
  ["a member", {}, null],
  ["an admin", { membership: { status: "administrator" } }, null],
  ["one of a group where only admins write", { isMuted: true }, /may not write in this chat\. Let/],
  ["removed", { membership: { status: "left" } }, /is not in this chat\. Add it/],
  ["thrown out", { membership: { status: "kicked" } }, /is not in this chat\. Add it/],
  ["restricted and gone", { membership: { status: "restricted", is_member: false } }, /is not in this chat/],
  [
    "restricted to reading",
    { membership: { status: "restricted", is_member: true, can_send_messages: false } },
    /may not write/,
  ],
  ["a reader of a channel", { type: "channel" }, /may not post in this channel\. Make it an admin/],
  [
    "a channel's admin for other things",
    { type: "channel", membership: { status: "administrator", can_post_messages: false } },
    /may not post in this channel/,
  ],
  ["a channel's author", { type: "channel", membership: { status: "administrator", can_post_messages: true } }, null],
  ["something new", { membership: { status: "visitor" } }, null],
];

for (const [what, standing, refusal] of standings) {
  test(`a bot that is ${what} ${refusal === null ? "can" : "can't"} post`, async () => {
    await using bot = await connect({ start: false });
    bot.telegram.standing(-5001, standing);
    const said = (await bot.adapter.canPost?.(place, signal)) ?? null;
    if (refusal === null) assert.equal(said, null);
    else assert.match(said ?? "", refusal);
  });
}

const answers: readonly (readonly [string, Fault, boolean])[] = [
  ["a chat it does not see", refused(400, "Bad Request: chat not found"), true],
  ["a block", refused(403, "Forbidden: bot was kicked from the supergroup chat"), true],
  ["a server's trouble", faults.serverError, false],
  ["too many calls", faults.rateLimited(3), false],
  ["a refused token", faults.unauthorized, false],
  ["no answer", faults.closed, false],
  ["a proxy's page", faults.badGateway, false],
];

for (const [what, fault, isRefusal] of answers) {
  test(`${what} is ${isRefusal ? "a" : "no"} refusal`, async () => {
    await using bot = await connect({ start: false });
    bot.telegram.know(-5001);
    bot.telegram.fault("getChat", fault);
    assert.equal(typeof (await bot.adapter.canPost?.(place, signal)), isRefusal ? "string" : "object");
  });
}

test("a group that became a supergroup is asked about as what it is, as posts find it there", async () => {
  await using bot = await connect({ start: false });
  bot.telegram.move(-5001, -1005001);
  assert.equal(await bot.adapter.canPost?.(place, signal), null);
});

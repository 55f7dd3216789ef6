import assert from "node:assert/strict";
import { test } from "node:test";
import { OWED_MS, openOwedMessages } from "../../src/gateway/owed-messages.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { type BareGateway, bareGateway, person } from "../support/bare-gateway.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { rowsOf } from "../support/test-store.ts";
import { until } from "../support/until.ts";

const BIG = "x".repeat(60_000);
const FIRST = /has to be stored first/;

test("after a full disk a conversation goes on with the message that did not fit, in the order in which they were said", async () => {
  await using bare = await bareGateway();
  fillDisk(bare);
  await assert.rejects(bare.say("c", BIG, { messageId: "1" }), { kind: "full" });
  await assert.rejects(bare.say("c", "two", { messageId: "2" }), FIRST, "it would fit, and comes later");
  assert.equal((await bare.say("d", "beside")).kind, "accepted", "another chat does not wait");
  makeRoom(bare);
  // Slack keeps no order among what it delivers again.
  await assert.rejects(bare.say("c", "three", { messageId: "3" }), FIRST);
  await assert.rejects(bare.say("c", "two", { messageId: "2" }), FIRST);
  for (const messageId of ["1", "2", "3", "4"])
    assert.equal((await bare.say("c", "again", { messageId })).kind, "accepted");
  assert.deepEqual(
    rowsOf(bare.store.reader, "SELECT message_id FROM inbox WHERE chat_id = 'c' ORDER BY id").map(
      (row) => row.message_id,
    ),
    ["1", "2", "3", "4"],
  );
  // What could not be stored has given back its place: else nothing of the conversation would ever run.
  await until("all of it is answered", () => bare.store.stats().inbox.waiting + bare.store.stats().inbox.running === 0);
  assert.equal(bare.adapter.textsIn("c").length, 4);
});

test("a message that is never delivered again holds nobody up for long", async () => {
  const clock = fakeClock(Date.UTC(2026, 0));
  await using bare = await bareGateway({ clock });
  fillDisk(bare);
  await assert.rejects(bare.say("c", BIG, { messageId: "1" }), { kind: "full" });
  makeRoom(bare);
  await clock.advance(OWED_MS - 1);
  await assert.rejects(bare.say("c", "two", { messageId: "2" }), FIRST);
  await clock.advance(1);
  assert.equal((await bare.say("c", "two", { messageId: "2" })).kind, "accepted");
  assert.equal((await bare.say("c", "three", { messageId: "3" })).kind, "accepted");
});

test("what comes only once is neither held up nor waited for", async () => {
  await using bare = await bareGateway();
  const once = (messageId: string, text: string) =>
    bare.gateway.accept({ messageId, text, attachments: [], source: person("c") }, { answersSender: true });
  fillDisk(bare);
  await assert.rejects(once("1", BIG), { kind: "full" });
  assert.equal((await bare.say("c", "two", { messageId: "2" })).kind, "accepted");
  await assert.rejects(bare.say("c", BIG, { messageId: "3" }), { kind: "full" });
  assert.equal((await once("4", "/status")).kind, "accepted");
});

test("what is remembered is bounded: beyond it order is given up, and no message", () => {
  const owed = openOwedMessages(fakeClock(0));
  const messageOf = (chatId: string, messageId: string): InboundMessage => ({
    messageId,
    text: "",
    attachments: [],
    source: person(chatId),
  });
  owed.refused(messageOf("c", "0"));
  const held = Array.from({ length: 200 }, (_, n) => owed.isBehind(messageOf("c", String(n + 1))));
  assert.equal(held.filter(Boolean).length, 99);
  for (let chat = 0; chat < 2_000; chat++) owed.refused(messageOf(`c${chat}`, "0"));
  assert.equal(owed.isBehind(messageOf("c", "1")), false, "the oldest conversation is forgotten");
  assert.equal(owed.isBehind(messageOf("c1999", "1")), true);
});

/** Leaves the database no page: small rows fit, a long message does not. */
function fillDisk({ store }: BareGateway): void {
  const [row] = rowsOf(store.reader, "PRAGMA page_count");
  rowsOf(store.reader, `PRAGMA max_page_count = ${Number(row?.page_count) + 4}`);
}

function makeRoom({ store }: BareGateway): void {
  rowsOf(store.reader, "PRAGMA max_page_count = 100000");
}

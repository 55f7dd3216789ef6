import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Bot } from "../../../adapters/slack/bot.ts";
import type { KnownNames } from "../../../adapters/slack/known-names.ts";
import { type Reading, type ReadOptions, readEvent } from "../../../adapters/slack/read.ts";
import type { InboundMessage } from "../../../src/message/message.ts";
import { readSessionSource } from "../../../src/session/source.ts";

const FOLDER = new URL("../../fixtures/payloads/slack/", import.meta.url);

interface Expectation {
  readonly ignored?: boolean;
  readonly edited?: boolean;
  readonly [field: string]: unknown;
}

interface Fixture {
  readonly name: string;
  readonly payload: unknown;
  readonly expect: Expectation;
}

const fixtures = readdirSync(FOLDER).map((file): Fixture => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")));

const bot: Bot = { userId: "U0BOTUSER", botId: "B0BOT", teamId: "T0HARNESS", name: "parley" };
const people: Readonly<Record<string, string>> = { U0ADA: "ada", U0BOB: "bob" };
const names: KnownNames = {
  user: (id) => people[id] ?? null,
  chat: (id) => {
    if (id === "C0GENERAL") return { name: "general", topic: "all things", kind: "channel" };
    return id === "G0MPIM" ? { name: "mpdm-ada--bob-1", topic: null, kind: "group" } : null;
  },
};
// What the platform says, before what `replyInThread` makes of it.
const options: ReadOptions = { account: "default", replyInThread: false, names };

for (const { name, payload, expect } of fixtures) {
  test(`the payload ${name} reads as expected`, () => {
    const reading = readEvent(payload, bot, options);
    if (expect.ignored === true) {
      assert.equal(reading.kind, "ignored");
      if (expect.reason !== undefined) assert.deepEqual(reading, { kind: "ignored", why: expect.reason });
      return;
    }
    if (expect.edited === true) {
      assert.deepEqual(reading, {
        kind: "edited",
        chatId: expect.chat_id,
        messageId: expect.message_id,
        text: expect.text,
      });
      return;
    }
    checkMessage(reading, expect);
  });
}

function checkMessage(reading: Reading, expect: Expectation): void {
  const message = messageOf(reading);
  const { source, text, attachments } = message;
  assert.deepEqual(readSessionSource(source), source, "the core takes the source as it is");
  assert.equal(source.workspaceId, "T0HARNESS");
  const seen: Readonly<Record<string, unknown>> = {
    kind: reading.kind,
    chat_type: source.chatType,
    chat_id: source.chatId,
    thread_id: source.threadId,
    user_id: source.userId,
    user_name: source.userName,
    message_id: message.messageId,
    addressed: message.addressed === "yes",
  };
  for (const [field, value] of Object.entries(seen)) {
    if (expect[field] !== undefined) assert.equal(value, expect[field], field);
  }
  const texts = Array.isArray(expect.text_any) ? expect.text_any : [expect.text];
  if (expect.text !== undefined) assert.ok(texts.includes(text), `${text} is none of ${JSON.stringify(texts)}`);
  const parts = Array.isArray(expect.text_contains) ? expect.text_contains : [];
  for (const part of parts) assert.ok(text.includes(part), `${text} lacks ${part}`);
  if (Array.isArray(expect.attachments)) {
    assert.equal(attachments.length, expect.attachments.length);
    for (const [index, file] of expect.attachments.entries()) {
      const { kind, name, mimeType, sizeBytes } = attachments[index] ?? {};
      assert.deepEqual([kind, name, mimeType], [file.kind, file.name, file.mime]);
      if (file.size !== undefined) assert.equal(sizeBytes, file.size);
    }
  }
}

test("there are at least as many payloads of our own as were given", () => {
  assert.ok(fixtures.length >= 32, `${fixtures.length} payloads`);
});

test("a mention in a channel belongs to the thread its answer opens, and reads the same as message and as app_mention", () => {
  const [asMessage, asMention] = ["channel-mention-as-message", "channel-mention-as-app-mention"].map((name) =>
    messageOf(readFixture(name, { ...options, replyInThread: true })),
  );
  assert.equal(asMessage?.source.chatType, "thread");
  assert.equal(asMessage?.source.threadId, asMessage?.messageId);
  assert.equal(asMessage?.source.chatName, "general");
  assert.equal(asMessage?.source.chatTopic, "all things");
  assert.equal(asMention?.source.threadId, asMention?.messageId);
  assert.deepEqual(
    { ...asMessage, messageId: "", source: { ...asMessage?.source, threadId: "" } },
    { ...asMention, messageId: "", source: { ...asMention?.source, threadId: "" } },
  );
});

test("whatever replies in a thread, replyInThread changes neither direct and group messages nor what is said to nobody", () => {
  for (const name of ["dm-plain", "mpim-mention", "channel-plain", "app-mention-in-thread", "slash-command-channel"]) {
    assert.deepEqual(readFixture(name, { ...options, replyInThread: true }), readFixture(name, options), name);
  }
});

test("who follows up in a thread is answered where the bot has taken part", () => {
  assert.equal(messageOf(readFixture("thread-reply-plain", options)).addressed, "if_taking_part");
});

test("a file of another workspace is known by its id alone", () => {
  const [file] = messageOf(readFixture("file-of-another-workspace", options)).attachments;
  assert.equal(file?.reference, "slack-file:F0G");
});

test("nothing that is no delivery of Slack's is read as one", () => {
  for (const body of [null, undefined, 7, "text", [], {}, { event: null }, { type: "event_callback", event: 3 }]) {
    assert.equal(readEvent(body, bot, options).kind, "ignored");
  }
});

function readFixture(name: string, readOptions: ReadOptions): Reading {
  const fixture = fixtures.find((each) => each.name === name);
  assert.ok(fixture, `no payload is called ${name}`);
  return readEvent(fixture.payload, bot, readOptions);
}

function messageOf(reading: Reading): InboundMessage {
  if (!("message" in reading)) assert.fail(`no message: ${JSON.stringify(reading)}`);
  return reading.message;
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import type { Channel } from "../../../adapters/discord/channel.ts";
import { type ReadContext, readDispatch } from "../../../adapters/discord/read.ts";
import { ownEvents } from "./own-events.ts";
import { ownMessages } from "./own-messages.ts";
import { BOT } from "./payload-parts.ts";

const folder = join(import.meta.dirname, "../../fixtures/payloads/discord");

const fixture = z.object({
  payload: z.object({ t: z.string(), d: z.unknown() }),
  expect: z.object({
    ignored: z.boolean(),
    ignored_any: z.boolean().optional(),
    kind: z.string().optional(),
    edited: z.boolean().optional(),
    chat_type: z.string().optional(),
    chat_type_any: z.array(z.string()).default([]),
    chat_id: z.string().optional(),
    thread_id: z.string().nullish(),
    user_id: z.string().optional(),
    user_name: z.string().optional(),
    user_name_any: z.array(z.string()).default([]),
    text: z.string().optional(),
    text_any: z.array(z.string()).default([]),
    addressed: z.boolean().optional(),
    addressed_any: z.boolean().optional(),
    reply_to: z.string().optional(),
    command: z.object({ name: z.string(), options: z.object({ question: z.string() }) }).optional(),
  }),
});

const general = { type: 0, name: "general", topic: "everything", parentId: null, guildId: "200000000000000001" };
const channels = new Map<string, Channel>([
  ["400000000000000001", general],
  ["400000000000000003", { ...general, type: 11, name: "topic", topic: null, parentId: "400000000000000001" }],
]);
const context: ReadContext = { account: "default", botId: BOT, channel: (id) => channels.get(id) };

for (const name of readdirSync(folder)) {
  test(`the recorded payload ${name} means what it says`, () => {
    const { payload, expect } = fixture.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
    const reading = readDispatch(payload.t, payload.d, context);
    if (expect.edited === true) {
      assert.equal(reading.kind, "edited");
      return;
    }
    if (reading.kind === "ignored" || reading.kind === "edited") {
      assert.ok(expect.ignored || expect.ignored_any === true, `was ${JSON.stringify(reading)}`);
      return;
    }
    assert.equal(expect.ignored, false);
    const { source, text, addressed, replyTo } = reading.message;
    const among = (value: string | null, one: string | undefined, others: readonly string[]) =>
      assert.ok(one === undefined || [one, ...others].includes(value ?? ""), `was ${value}`);
    assert.equal(reading.kind, expect.kind ?? "message");
    among(source.chatType, expect.chat_type, expect.chat_type_any);
    among(source.userName, expect.user_name, expect.user_name_any);
    among(text, expect.text, expect.text_any);
    among(source.chatId, expect.chat_id, []);
    among(source.userId, expect.user_id, []);
    if (expect.thread_id !== undefined) assert.equal(source.threadId, expect.thread_id);
    if (expect.addressed !== undefined && expect.addressed_any === undefined) {
      assert.equal(addressed === "yes", expect.addressed);
    }
    if (expect.reply_to !== undefined) assert.equal(replyTo?.messageId, expect.reply_to);
    if (expect.command !== undefined) {
      assert.equal(text, `/${[expect.command.name, ...Object.values(expect.command.options)].join(" ")}`);
    }
  });
}

for (const [shows, event, data, expected] of [...ownMessages, ...ownEvents]) {
  test(`${event} of ${shows} is read`, () => {
    const reading = readDispatch(event, data, context);
    if ("ignored" in expected) {
      assert.deepEqual(reading, { kind: "ignored", why: expected.ignored });
      return;
    }
    if ("edited" in expected) {
      assert.ok(reading.kind === "edited");
      assert.equal(reading.text, expected.edited);
      return;
    }
    assert.ok(reading.kind !== "ignored" && reading.kind !== "edited", JSON.stringify(reading));
    assert.equal(reading.kind, expected.kind ?? "message");
    for (const [field, value] of Object.entries(expected.message)) {
      assert.deepEqual(Reflect.get(reading.message, field), value, field);
    }
    for (const [field, value] of Object.entries(expected.source ?? {})) {
      assert.equal(Reflect.get(reading.message.source, field), value, field);
    }
    if (expected.mayOpenThread !== undefined && reading.kind === "message") {
      assert.equal(reading.mayOpenThread, expected.mayOpenThread);
    }
  });
}

test("nothing that Discord may send makes the reader throw", () => {
  const events = ["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE", "TYPING_START"];
  fc.assert(
    fc.property(fc.constantFrom(...events), fc.anything(), (event, data) => {
      assert.ok(readDispatch(event, data, context).kind.length > 0);
    }),
  );
});

test("a message with any text is read, and the text is never longer than what it replaces by much", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (content) => {
      const author = { id: "3", username: "ada" };
      const reading = readDispatch("MESSAGE_CREATE", { id: "1", type: 0, channel_id: "2", author, content }, context);
      if (content.trim() === "") assert.equal(reading.kind, "ignored");
      else assert.ok(reading.kind === "message" && reading.message.text.length <= content.length);
    }),
  );
});

test("a role counts as a mention only where the configuration says that it stands for the bot", () => {
  const role = "200000000000000099";
  const author = { id: "3", username: "ada" };
  const read = (content: string, mentionRoles: readonly string[]) => {
    const said = { id: "1", type: 0, channel_id: "2", guild_id: "4", channel_type: 0, author, content };
    const reading = readDispatch("MESSAGE_CREATE", said, { ...context, mentionRoles });
    assert.ok(reading.kind === "message");
    return [reading.message.addressed, reading.message.text, reading.mayOpenThread];
  };
  assert.deepEqual(read(`<@&${role}>, help`, [role]), ["yes", "help", true]);
  assert.deepEqual(read(`help <@&${role}>`, [role]), ["yes", "help @role", true]);
  assert.deepEqual(read(`<@&${role}> help`, ["5"]), ["no", "@role help", false]);
  assert.deepEqual(read(`<@&${role}> help`, []), ["no", "@role help", false]);
  // A role's id is no person's.
  assert.deepEqual(read(`<@${role}> help`, [role])[0], "no");
});

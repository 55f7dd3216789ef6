import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { z } from "zod";
import { readUpdate } from "../../../adapters/telegram/read.ts";
import { readCommand } from "../../../src/command/read-command.ts";
import type { InboundMessage } from "../../../src/message/message.ts";
import { bot } from "./update.ts";

const folder = join(import.meta.dirname, "../../fixtures/payloads/telegram");

const maybeText = z.string().optional();
const example = z.object({
  name: z.string(),
  payload: z.unknown(),
  expect: z.object({
    ignored: z.boolean().optional(),
    ignored_any: z.boolean().optional(),
    chat_type: maybeText,
    chat_type_any: z.array(z.string()).optional(),
    chat_id: maybeText,
    thread_id: z.string().nullish(),
    user_id: maybeText,
    user_name: maybeText,
    user_name_any: z.array(z.string()).optional(),
    text: maybeText,
    text_any: z.array(z.string()).optional(),
    addressed: z.boolean().optional(),
    reply_to: maybeText,
    quote: maybeText,
    command: z.object({ name: z.string(), args: z.string() }).optional(),
    attachments: z.array(z.object({ kind: z.string(), file_id: z.string() })).optional(),
  }),
});
type Expected = z.output<typeof example>["expect"];

suite("the example payloads", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  assert.ok(files.length >= 20);
  for (const file of files) {
    const { name, payload, expect } = example.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    test(name, () => {
      const reading = readUpdate(payload, bot);
      if (reading.kind === "ignored") {
        assert.ok(expect.ignored === true || expect.ignored_any === true, reading.why);
        return;
      }
      assert.ok(expect.ignored !== true || expect.ignored_any === true, "expected it to be ignored");
      assert.ok(reading.kind === "message");
      check(reading.message, expect);
    });
  }
});

function check({ source, text, addressed, replyTo, attachments }: InboundMessage, expect: Expected): void {
  const oneOf = (given: string | null | undefined, best: string | undefined, others: readonly string[] = []) => {
    if (best !== undefined) assert.ok([best, ...others].includes(given ?? ""), `${given} instead of ${best}`);
  };
  oneOf(source.chatType, expect.chat_type, expect.chat_type_any);
  oneOf(source.chatId, expect.chat_id);
  oneOf(source.userId, expect.user_id);
  oneOf(source.userName, expect.user_name, expect.user_name_any);
  oneOf(text, expect.text, expect.text_any);
  oneOf(replyTo?.messageId, expect.reply_to);
  oneOf(replyTo?.text, expect.quote);
  if (expect.thread_id !== undefined) assert.equal(source.threadId, expect.thread_id);
  if (expect.addressed !== undefined) assert.equal(addressed === "yes", expect.addressed);
  if (expect.command !== undefined) {
    assert.deepEqual(readCommand(text), { name: expect.command.name, argument: expect.command.args });
  }
  if (expect.attachments !== undefined) {
    // A recording made in the chat is an audio file to most, and a kind of its own to us.
    const found = attachments.map(({ kind, reference }) => ({
      kind: kind === "voice" ? "audio" : kind,
      file_id: reference,
    }));
    assert.deepEqual(found, expect.attachments);
  }
}

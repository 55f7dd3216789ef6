import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hashChatId,
  hashId,
  hashSenderId,
  looksLikePhone,
  redactName,
  redactSource,
} from "../../src/session/redact.ts";
import { sourceOf } from "./source-of.ts";
import { readVectors } from "./vectors.ts";

interface PiiCase {
  readonly value: string;
  readonly hash_id: string;
  readonly hash_sender_id: string;
  readonly hash_chat_id: string;
  readonly looks_like_phone: boolean;
}

test("without a salt every case of the reference is hashed and judged the same", () => {
  const cases = readVectors<PiiCase>("pii");
  assert.equal(cases.length, 111);
  for (const { value, ...expected } of cases) {
    const found = {
      hash_id: hashId(value, ""),
      hash_sender_id: hashSenderId(value, ""),
      hash_chat_id: hashChatId(value, ""),
      looks_like_phone: looksLikePhone(value),
    };
    assert.deepEqual(found, expected, JSON.stringify(value));
  }
});

test("another salt gives other hashes", () => {
  assert.notEqual(hashId("42", "salt"), hashId("42", ""));
  assert.notEqual(hashId("42", "salt"), hashId("42", "other"));
  assert.match(hashChatId("telegram:42", "salt"), /^telegram:[0-9a-f]{12}$/);
});

test("only a platform's name stays in front of a hashed chat id", () => {
  assert.match(hashChatId("15551234567:3", ""), /^[0-9a-f]{12}$/);
  assert.match(hashChatId("@ann:example.org", ""), /^[0-9a-f]{12}$/);
});

test("a name is hashed when it is a phone number, however it is punctuated", () => {
  for (const name of ["+15551234567", "\u202a+1 555\u00a0123\u20114567\u202c", "(555) 123-4567", "+1.555.123.4567"]) {
    assert.match(redactName(name, ""), /^user_[0-9a-f]{12}$/, name);
  }
  for (const name of ["Ann", "Agent 007", "24/7", ""]) assert.equal(redactName(name, ""), name);
});

test("nothing of a redacted source tells who or where", () => {
  const secret = sourceOf({
    platform: "whatsapp",
    chatType: "thread",
    chatId: "15550000001",
    threadId: "15550000001",
    userId: "15550000002",
    userIdAlt: "15550000003",
    workspaceId: "15550000004",
    parentChatId: "15550000005",
    chatIdAlt: "15550000006",
    userName: "+1 555 000 0007",
    chatName: "+1 555 000 0008",
    chatTopic: "plans",
  });
  const redacted = redactSource(secret, "salt");
  assert.doesNotMatch(JSON.stringify(redacted), /555/);
  assert.equal(redacted.threadId, redacted.chatId);
  const { platform, account, chatType, chatTopic } = redacted;
  assert.deepEqual(
    { platform, account, chatType, chatTopic },
    { platform: "whatsapp", account: "default", chatType: "thread", chatTopic: "plans" },
  );
  assert.deepEqual(
    redactSource(sourceOf({ userName: "Ann" }), ""),
    sourceOf({ userName: "Ann", chatId: hashId("C1", "") }),
  );
});

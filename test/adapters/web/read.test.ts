import assert from "node:assert/strict";
import { test } from "node:test";
import { readWebMessage } from "../../../adapters/web/read.ts";

test("a message is a direct chat of its platform, with the ids it came with", () => {
  const message = readWebMessage(
    { chatId: "c", userId: "u", userName: "Ann", threadId: "t", text: " hi\n", messageId: "m" },
    "fallback",
  );
  const { platform, account, chatType, chatId, threadId, userId, userName } = message.source;
  assert.deepEqual(
    [platform, account, chatType, chatId, threadId, userId, userName],
    ["web", "default", "dm", "c", "t", "u", "Ann"],
  );
  assert.deepEqual([message.messageId, message.text, message.attachments], ["m", " hi\n", []]);
});

test("a message without an id gets the one that was made for it", () => {
  const message = readWebMessage({ chatId: "c", userId: "u", text: "hi" }, "fallback");
  assert.equal(message.messageId, "fallback");
  assert.equal(message.source.threadId, null);
  assert.equal(message.source.userName, null);
});

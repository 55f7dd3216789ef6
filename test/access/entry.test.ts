import assert from "node:assert/strict";
import { test } from "node:test";
import { type AccessEntry, readAccessEntry } from "../../src/access/entry.ts";

const table: readonly (readonly [text: string, entry: AccessEntry | null])[] = [
  ["telegram:42", { kind: "person", platform: "telegram", userId: "42" }],
  ["matrix:@ann:example.org", { kind: "person", platform: "matrix", userId: "@ann:example.org" }],
  ["slack:*", { kind: "everyone", platform: "slack" }],
  ["telegram:chat:-100123", { kind: "chat", platform: "telegram", chatId: "-100123" }],
  ["matrix:chat:!room:example.org", { kind: "chat", platform: "matrix", chatId: "!room:example.org" }],
  ["discord:role:456", { kind: "role", platform: "discord", roleId: "456" }],
  ["telegram:chat:", null],
  ["telegram:chat:*", null],
  ["discord:role:*", null],
  ["telegram:", null],
  ["telegram", null],
  ["Telegram:42", null],
  [":42", null],
  ["telegram: 42", null],
  ["telegram:4 2", null],
  ["", null],
];

for (const [text, entry] of table) {
  test(`${JSON.stringify(text)} is ${entry === null ? "no entry" : `a ${entry.kind}`}`, () => {
    assert.deepEqual(readAccessEntry(text), entry);
  });
}

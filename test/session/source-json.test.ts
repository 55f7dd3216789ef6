import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readSessionSource } from "../../src/session/source.ts";
import { SourceRecordError, sourceFromJson, sourceToJson } from "../../src/session/source-json.ts";
import { anySource, sourceOf } from "./source-of.ts";

const full = {
  platform: "telegram",
  chat_id: "-1001",
  chat_name: "N",
  chat_type: "group",
  user_id: "1",
  user_name: "u",
  thread_id: "7",
  chat_topic: "t",
  user_id_alt: "alt",
  chat_id_alt: "calt",
};
const bare = {
  platform: "telegram",
  chat_id: "1",
  chat_name: null,
  chat_type: "dm",
  user_id: null,
  user_name: null,
  thread_id: null,
  chat_topic: null,
};

const table: readonly (readonly [name: string, record: unknown, written: object])[] = [
  ["a full record is written as it was read", full, full],
  ["what is missing is null, and the chat a DM", { platform: "telegram", chat_id: "1" }, bare],
  ["absent alternative ids are left out", { ...bare, user_id_alt: "", chat_id_alt: null }, bare],
  [
    "numeric ids are accepted as text",
    { ...bare, chat_id: -1001, thread_id: 7, user_id: 1 },
    { ...bare, chat_id: "-1001", thread_id: "7", user_id: "1" },
  ],
  ["any adapter's platform is one", { ...bare, platform: "matrix" }, { ...bare, platform: "matrix" }],
  [
    "our own fields are kept",
    { ...bare, account: "ops", workspace_id: "T1", parent_chat_id: "C0" },
    { ...bare, account: "ops", workspace_id: "T1", parent_chat_id: "C0" },
  ],
  ["the default account is not written", { ...bare, account: "default" }, bare],
  ["unknown fields are left behind", { ...bare, color: "red" }, bare],
];

for (const [name, record, written] of table) {
  test(`source records: ${name}`, () => assert.deepEqual(sourceToJson(sourceFromJson(record)), written));
}

test("every source survives its JSON form", () => {
  fc.assert(
    fc.property(anySource, (source) => {
      const read = readSessionSource(source);
      assert.deepEqual(sourceFromJson(JSON.parse(JSON.stringify(sourceToJson(read)))), read);
    }),
    { seed: 20260405 },
  );
});

/** What the older program turned into text or took as it came is an error here. */
const junk: readonly (readonly [record: unknown, says: RegExp])[] = [
  [{}, /platform: .*chat_id: /],
  [{ chat_id: "1" }, /platform: /],
  [{ platform: null, chat_id: "1" }, /platform: /],
  [{ platform: "TELEGRAM", chat_id: "1" }, /platform: expected lower-case letters/],
  [{ ...full, chat_id: undefined }, /chat_id: /],
  [{ platform: "telegram", chat_id: null }, /chat_id: /],
  [{ platform: "telegram", chat_id: true }, /chat_id: /],
  [{ platform: "telegram", chat_id: 1.5 }, /chat_id: /],
  [{ platform: "telegram", chat_id: "" }, /chat_id: expected the id of the chat/],
  [{ ...bare, chat_type: "weird" }, /chat_type: /],
  [{ ...bare, chat_type: null }, /chat_type: /],
  [{ ...bare, user_id: {} }, /user_id: /],
  [{ ...bare, chat_name: 7 }, /chat_name: /],
  [null, /expected an object, got null/],
  [[bare], /expected an object, got a list/],
  ["telegram", /expected an object, got telegram/],
];

for (const [record, says] of junk) {
  test(`${JSON.stringify(record)} is no source`, () => {
    assert.throws(
      () => sourceFromJson(record),
      (error) => error instanceof SourceRecordError && says.test(error.message),
    );
  });
}

test("a record inherits nothing", () => {
  assert.throws(() => sourceFromJson(Object.create(bare)), SourceRecordError);
  assert.deepEqual(
    sourceFromJson(JSON.parse('{"platform":"telegram","chat_id":"C1","__proto__":{"user_id":"7"}}')),
    sourceOf(),
  );
});

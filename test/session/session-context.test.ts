import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionKeyError } from "../../src/session/key.ts";
import { readSessionContext, sessionContextJson } from "../../src/session/session-context.ts";
import { SourceRecordError } from "../../src/session/source-json.ts";
import { contextOf } from "./context-of.ts";

const json = sessionContextJson(contextOf());

test("a context survives its JSON form", () => {
  for (const context of [
    contextOf(),
    contextOf({ notes: "Tables are not shown.", shared: true, homeChannels: [], connectedPlatforms: [] }),
  ]) {
    assert.deepEqual(readSessionContext(JSON.parse(JSON.stringify(sessionContextJson(context)))), context);
  }
});

test("the JSON form is snake_case with times in UTC", () => {
  assert.deepEqual(json, {
    source: {
      platform: "telegram",
      chat_id: "42",
      chat_name: null,
      chat_type: "dm",
      user_id: "42",
      user_name: "Ann",
      thread_id: null,
      chat_topic: null,
    },
    agent_id: "main",
    connected_platforms: ["telegram", "slack"],
    home_channels: [
      { platform: "telegram", chat_id: "-100", thread_id: "7", name: "Ops" },
      { platform: "slack", chat_id: "C1", thread_id: null, name: null },
    ],
    session_key: "agent:main:telegram:dm:42",
    session_id: "20260405_120000_abcdef12",
    created_at: "2026-04-05T12:00:00.000Z",
    updated_at: "2026-04-05T12:00:00.123Z",
    shared: false,
    notes: null,
  });
});

const junk: readonly (readonly [name: string, change: object, says: RegExp])[] = [
  ["an id of another form", { session_id: "../x" }, /session_id/],
  ["a time without a zone", { created_at: "2026-04-05T12:00:00" }, /created_at/],
  ["a home without a chat", { home_channels: [{ platform: "slack" }] }, /home_channels/],
  ["a key of another form", { session_key: "agent:main:telegram:dm" }, /session key/],
  ["a source without a chat", { source: { platform: "telegram" } }, /chat_id/],
];

for (const [name, change, says] of junk) {
  test(`${name} is refused`, () => assert.throws(() => readSessionContext({ ...json, ...change }), says));
}

test("the parts' own errors come through", () => {
  assert.throws(() => readSessionContext({ ...json, session_key: "x" }), SessionKeyError);
  assert.throws(() => readSessionContext({ ...json, source: null }), SourceRecordError);
});

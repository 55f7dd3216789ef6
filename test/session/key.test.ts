import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  isSharedSession,
  type KeyOptions,
  parseSessionKey,
  readSessionKey,
  SessionKeyError,
  sessionKey,
} from "../../src/session/key.ts";
import type { SessionSource } from "../../src/session/source.ts";
import { anySource, sourceOf } from "./source-of.ts";

const usual: KeyOptions = { groupSessionsPerUser: true, threadSessionsPerUser: false };
const perUser: KeyOptions = { groupSessionsPerUser: true, threadSessionsPerUser: true };
const together: KeyOptions = { groupSessionsPerUser: false, threadSessionsPerUser: true };

const table: readonly (readonly [name: string, Partial<SessionSource>, KeyOptions, key: string, shared: boolean])[] = [
  ["a DM is the chat's, whoever writes", { userId: "7" }, usual, "agent:main:telegram:dm:C1", false],
  ["a thread of a DM is its own", { threadId: "9", userId: "7" }, perUser, "agent:main:telegram:dm:C1:thread:9", false],
  ["a group is per person", { chatType: "group", userId: "7" }, usual, "agent:main:telegram:group:C1:user:7", false],
  [
    "the alternative id wins",
    { chatType: "channel", userId: "7", userIdAlt: "u-7" },
    usual,
    "agent:main:telegram:channel:C1:user:u-7",
    false,
  ],
  ["a group of unknown people is shared", { chatType: "group" }, usual, "agent:main:telegram:group:C1", true],
  ["a group can be shared", { chatType: "group", userId: "7" }, together, "agent:main:telegram:group:C1", true],
  [
    "a thread is shared",
    { chatType: "thread", threadId: "9", userId: "7" },
    usual,
    "agent:main:telegram:thread:C1:thread:9",
    true,
  ],
  [
    "a thread can be per person",
    { chatType: "group", threadId: "9", userId: "7" },
    perUser,
    "agent:main:telegram:group:C1:thread:9:user:7",
    false,
  ],
  [
    "a thread is per person only where groups are",
    { chatType: "group", threadId: "9", userId: "7" },
    together,
    "agent:main:telegram:group:C1:thread:9",
    true,
  ],
  [
    "an empty id is an absent one",
    { chatType: "group", threadId: "", userId: "" },
    perUser,
    "agent:main:telegram:group:C1",
    true,
  ],
  ["another bot has its own", { account: "ops" }, usual, "agent:main:telegram@ops:dm:C1", false],
  [
    "marks are encoded",
    { chatId: "a:b@c%d", account: "x@y" },
    usual,
    "agent:main:telegram@x%40y:dm:a%3Ab%40c%25d",
    false,
  ],
];

for (const [name, fields, options, key, shared] of table) {
  test(`session key: ${name}`, () => {
    assert.equal(sessionKey(sourceOf(fields), options), key);
    assert.equal(isSharedSession(sourceOf(fields), options), shared);
  });
}

test("a key names its agent", () => {
  assert.equal(sessionKey(sourceOf(), usual, "support:2"), "agent:support%3A2:telegram:dm:C1");
});

test("a source without a chat id has no key: it would be everybody's", () => {
  assert.throws(() => sessionKey(sourceOf({ chatId: "" }), usual), SessionKeyError);
  assert.throws(() => sessionKey(sourceOf(), usual, ""), SessionKeyError);
});

const anyOptions = fc.record({ groupSessionsPerUser: fc.boolean(), threadSessionsPerUser: fc.boolean() });
const anyAgent = fc.constantFrom("main", "a:b", "a%3Ab", "@");

/** What the rules say a key is made of, written down a second time. */
function partsOf(source: SessionSource, options: KeyOptions, agentId: string) {
  const threadId = source.threadId === "" ? null : source.threadId;
  const person = source.userIdAlt || source.userId || null;
  const own = options.groupSessionsPerUser && (threadId === null || options.threadSessionsPerUser);
  const participant = source.chatType === "dm" || !own ? null : person;
  const { platform, account, chatType, chatId } = source;
  return { agentId, platform, account, chatType, chatId, threadId, participant };
}

test("parsing a key gives back exactly its parts, and the parts its text", () => {
  fc.assert(
    fc.property(anySource, anyOptions, anyAgent, (source, options, agentId) => {
      const key = sessionKey(source, options, agentId);
      assert.deepEqual(parseSessionKey(key), partsOf(source, options, agentId));
      assert.equal(readSessionKey(key), key);
    }),
    { seed: 20260405 },
  );
});

test("two sources have the same key exactly when all parts are the same", () => {
  fc.assert(
    fc.property(anySource, anySource, anyOptions, anyOptions, (one, other, options, otherOptions) => {
      const same = sessionKey(one, options) === sessionKey(other, otherOptions);
      const parts = [partsOf(one, options, "main"), partsOf(other, otherOptions, "main")].map((part) =>
        JSON.stringify(part),
      );
      assert.equal(same, parts[0] === parts[1]);
    }),
    { seed: 20260405, numRuns: 2000 },
  );
});

test("names and places that are no part of a key don't change it", () => {
  fc.assert(
    fc.property(anySource, anySource, anyOptions, (source, other, options) => {
      const { userName, chatName, chatTopic, chatIdAlt, workspaceId, parentChatId } = other;
      const changed = { ...source, userName, chatName, chatTopic, chatIdAlt, workspaceId, parentChatId };
      assert.equal(sessionKey(changed, options), sessionKey(source, options));
    }),
    { seed: 20260405 },
  );
});

test("whatever parses is what a key is written like", () => {
  const word = fc.constantFrom(
    "agent",
    "main",
    "telegram",
    "dm",
    "group",
    "C1",
    "thread",
    "user",
    "",
    "%3A",
    "%3a",
    "x@y",
    "@default",
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 4, maxLength: 9 }), (words) => {
      const text = words.join(":");
      try {
        assert.equal(readSessionKey(text), text);
      } catch (error) {
        if (!(error instanceof SessionKeyError)) throw error;
      }
    }),
    { seed: 20260405, numRuns: 2000 },
  );
});

const refused: readonly (readonly [text: string, why: RegExp])[] = [
  ["", /begin with "agent:"/],
  ["agents:main:telegram:dm:C1", /begin with "agent:"/],
  ["agent:main:telegram:dm", /<chat id>/],
  ["agent:main:telegram:dm:", /<chat id>/],
  ["agent::telegram:dm:C1", /name of an agent/],
  ["agent:main:Telegram:dm:C1", /platform of lower-case letters/],
  ["agent:main::dm:C1", /platform of lower-case letters/],
  ["agent:main:telegram@:dm:C1", /name of an account after @/],
  ["agent:main:telegram@default:dm:C1", /written "agent:main:telegram:dm:C1"/],
  ["agent:main:telegram@a@b:dm:C1", /written/],
  ["agent:main:telegram:forum:C1", /chat type of dm, group, channel or thread, got "forum"/],
  ["agent:main:telegram:group:C1:7", /\[:thread:<id>\]\[:user:<id>\] after the chat id, got ":7"/],
  ["agent:main:telegram:group:C1:thread:", /after the chat id/],
  ["agent:main:telegram:group:C1:user:7:thread:9", /after the chat id/],
  ["agent:main:telegram:group:C1:thread:9:thread:9", /after the chat id/],
  ["agent:main:telegram:group:C1:thread:9:user:7:", /after the chat id/],
  ["agent:main:telegram:group:C1:", /written "agent:main:telegram:group:C1"/],
  ["agent:main:telegram:dm:C1:user:7", /no :user: in the key of a DM/],
  ["agent:main:telegram:dm:a%3ab", /written/],
  ["agent:main:telegram:dm:100%", /written "agent:main:telegram:dm:100%25"/],
  ["agent:main:telegram:dm:a@b", /written "agent:main:telegram:dm:a%40b"/],
];

for (const [text, why] of refused) {
  test(`${JSON.stringify(text)} is no session key`, () => {
    assert.throws(
      () => parseSessionKey(text),
      (error) =>
        error instanceof SessionKeyError && why.test(error.message) && error.message.includes(JSON.stringify(text)),
    );
  });
}

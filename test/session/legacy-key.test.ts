import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionKey } from "../../src/session/key.ts";
import { type LegacyRecord, legacySessionKey } from "../../src/session/legacy-key.ts";
import { isChatType, type SessionSource } from "../../src/session/source.ts";
import { sourceOf } from "./source-of.ts";
import { readVectors } from "./vectors.ts";

interface KeyCase {
  readonly source: LegacyRecord;
  readonly group_sessions_per_user: boolean;
  readonly thread_sessions_per_user: boolean;
  readonly expected_key: string;
}

const cases = readVectors<KeyCase>("session_keys");

function optionsOf(vector: KeyCase) {
  return {
    groupSessionsPerUser: vector.group_sessions_per_user,
    threadSessionsPerUser: vector.thread_sessions_per_user,
  };
}

test("every older key is reproduced exactly", () => {
  assert.ok(cases.length > 2900);
  for (const vector of cases) {
    assert.equal(legacySessionKey(vector.source, optionsOf(vector)), vector.expected_key);
  }
});

test("a record without its optional fields has a key too", () => {
  const options = { groupSessionsPerUser: true, threadSessionsPerUser: true };
  assert.equal(legacySessionKey({ platform: "local", chat_type: "dm" }, options), "agent:main:local:dm");
});

/** Which of the ambiguous older parts a key carries: `a:b` with and without a thread read the same there. */
function shapeOf(vector: KeyCase): string {
  const { platform, chat_type, chat_id, thread_id, user_id, user_id_alt } = vector.source;
  const own = vector.group_sessions_per_user && (!thread_id || vector.thread_sessions_per_user);
  const participant = chat_type === "dm" || !own ? null : user_id_alt || user_id || null;
  return JSON.stringify([platform, chat_type, chat_id, thread_id || null, participant]);
}

test("where older keys don't collide, equal older keys are equal new keys and the reverse", () => {
  const seen = new Map<string, { newKeys: Set<string>; shapes: Set<string> }>();
  const olderOf = new Map<string, Set<string>>();
  for (const vector of cases) {
    const { platform, chat_type, chat_id, thread_id = null, user_id = null, user_id_alt = null } = vector.source;
    if (!chat_id || !isChatType(chat_type)) continue;
    const fields: Partial<SessionSource> = {
      chatId: chat_id,
      threadId: thread_id,
      userId: user_id,
      userIdAlt: user_id_alt,
    };
    const key = sessionKey(sourceOf({ ...fields, platform, chatType: chat_type }), optionsOf(vector));
    const older = seen.get(vector.expected_key) ?? { newKeys: new Set(), shapes: new Set() };
    older.newKeys.add(key);
    older.shapes.add(shapeOf(vector));
    seen.set(vector.expected_key, older);
    olderOf.set(key, (olderOf.get(key) ?? new Set()).add(vector.expected_key));
  }
  assert.ok(seen.size > 500);
  let collisions = 0;
  for (const [older, { newKeys, shapes }] of seen) {
    if (shapes.size > 1) collisions += 1;
    assert.equal(newKeys.size, shapes.size, `${older} stands for ${[...newKeys].join(" and ")}`);
  }
  for (const [key, older] of olderOf) assert.equal(older.size, 1, `${key} stands for ${[...older].join(" and ")}`);
  assert.ok(collisions > 0, "the data has collisions, which the new keys tell apart");
});

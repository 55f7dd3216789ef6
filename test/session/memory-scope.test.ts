import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatScope, type ParsedScope, parseScope } from "../../src/session/memory-scope.ts";

/** scope, its text */
const table: readonly (readonly [ParsedScope, string])[] = [
  [{ kind: "session", sessionId: "20261121_161346_ab12" }, "session:20261121_161346_ab12"],
  [{ kind: "user", platform: "telegram", account: "default", userId: "42" }, "user:telegram:default:42"],
  [{ kind: "chat", platform: "web", account: "a:b", chatId: "c%d/é" }, "chat:web:a%3Ab:c%25d%2F%C3%A9"],
  [{ kind: "agent", agentId: "main" }, "agent:main"],
  [{ kind: "global" }, "global"],
];

for (const [scope, text] of table) {
  test(`${text} is written and read`, () => {
    assert.equal(formatScope(scope), text);
    assert.deepEqual(parseScope(text), scope);
  });
}

for (const text of [
  "",
  "user",
  "user:a:b",
  "user:a:b:c:d",
  "global:x",
  "session:",
  "chat:a::b",
  "agent:%",
  "agent:%61",
  "room:x",
]) {
  test(`${JSON.stringify(text)} is no scope`, () => {
    assert.equal(parseScope(text), null);
  });
}

test("whatever ids have in them, scopes read back and differ when they differ", () => {
  const part = fc.string({ unit: "grapheme", minLength: 1 });
  const scope: fc.Arbitrary<ParsedScope> = fc.oneof(
    fc.record({ kind: fc.constant("session" as const), sessionId: part }),
    fc.record({ kind: fc.constant("user" as const), platform: part, account: part, userId: part }),
    fc.record({ kind: fc.constant("chat" as const), platform: part, account: part, chatId: part }),
    fc.record({ kind: fc.constant("agent" as const), agentId: part }),
  );
  fc.assert(fc.property(scope, (given) => assert.deepEqual(parseScope(formatScope(given)), { ...given })));
});

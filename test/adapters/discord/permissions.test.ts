import assert from "node:assert/strict";
import { test } from "node:test";
import { missingToPost, permissionsIn, type Standing } from "../../../adapters/discord/permissions.ts";

const VIEW = 1n << 10n;
const SEND = 1n << 11n;
const SEND_IN_THREADS = 1n << 38n;
const ADMINISTRATOR = 1n << 3n;
const ALL = VIEW | SEND | SEND_IN_THREADS;

/** A bot "bot" with the roles "a" and "b" in the guild "g". */
function standing(changes: Partial<Standing> = {}): Standing {
  const roles = [
    { id: "g", permissions: ALL },
    { id: "a", permissions: 0n },
    { id: "b", permissions: 0n },
    { id: "other", permissions: ADMINISTRATOR },
  ];
  return { guildId: "g", userId: "bot", roleIds: ["a", "b"], roles, overwrites: [], ...changes };
}

const no = (id: string, deny: bigint) => ({ id, allow: 0n, deny });
const yes = (id: string, allow: bigint) => ({ id, allow, deny: 0n });
const table: readonly (readonly [what: string, changes: Partial<Standing>, allowed: bigint])[] = [
  ["everybody's role, and no role of others", {}, ALL],
  [
    "a role of its own",
    {
      roles: [
        { id: "g", permissions: VIEW },
        { id: "a", permissions: SEND },
      ],
    },
    VIEW | SEND,
  ],
  ["the channel takes it from everybody", { overwrites: [no("g", SEND)] }, ALL & ~SEND],
  ["and gives it back to a role", { overwrites: [yes("b", SEND), no("g", SEND)] }, ALL],
  ["one role gives what another takes away", { overwrites: [no("a", SEND), yes("b", SEND)] }, ALL],
  ["what is said of the bot itself counts last", { overwrites: [no("bot", SEND), yes("a", SEND)] }, ALL & ~SEND],
  ["what is said of others is nothing to it", { overwrites: [no("other", ALL), no("somebody", ALL)] }, ALL],
];
for (const [what, changes, allowed] of table) {
  test(what, () => assert.equal(permissionsIn(standing(changes)), allowed));
}

test("an administrator may do everything, whatever the channel says", () => {
  const roles = [{ id: "a", permissions: ADMINISTRATOR }];
  const permissions = permissionsIn(standing({ roles, overwrites: [no("g", ALL), no("bot", ALL)] }));
  assert.deepEqual([missingToPost(permissions, false), missingToPost(permissions, true)], [[], []]);
});

test("a thread asks for a permission of its own", () => {
  assert.deepEqual(missingToPost(VIEW | SEND, true), ["Send Messages in Threads"]);
  assert.deepEqual(missingToPost(VIEW | SEND_IN_THREADS, false), ["Send Messages"]);
  assert.deepEqual(missingToPost(0n, false), ["View Channel", "Send Messages"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { namedRoles } from "../../src/access/named-roles.ts";

test("a platform's roles are named once each, wherever the rules name them, and no other entries are", () => {
  const rules = {
    allow: ["slack:role:S1", "slack:U1", "slack:*", "discord:role:7", "slack:chat:C1", "no entry"],
    chats: { C1: { allow: ["slack:role:S2", "slack:role:S1"] }, C2: { mode: "open" as const } },
  };
  assert.deepEqual(namedRoles(rules, "slack"), ["S1", "S2"]);
  assert.deepEqual(namedRoles(rules, "discord"), ["7"]);
  assert.deepEqual(namedRoles(rules, "telegram"), []);
});

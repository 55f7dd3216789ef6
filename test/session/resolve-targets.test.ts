import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryOrigin } from "../../src/session/delivery-target.ts";
import { resolveTargets, type TargetWorld } from "../../src/session/resolve-targets.ts";

const home: DeliveryOrigin = { platform: "telegram", account: "default", chatId: "-100", threadId: "7" };
const supportHome: DeliveryOrigin = { platform: "telegram", account: "support", chatId: "-200", threadId: null };
const world: TargetWorld = {
  platforms: ["telegram", "slack", "web", "local"],
  accountsOf: (platform) => (platform === "telegram" ? ["default", "support"] : platform === "slack" ? ["ops"] : []),
  homeOf(platform, account) {
    if (platform !== "telegram") return null;
    return account === "support" ? supportHome : home;
  },
};
const origin: DeliveryOrigin = { platform: "telegram", account: "support", chatId: "42", threadId: "9" };

const table: readonly (readonly [texts: readonly string[], from: DeliveryOrigin | null, found: readonly string[]])[] = [
  [["origin"], origin, ["telegram@support:42:9"]],
  [["origin"], null, ["local"]],
  [["local"], origin, ["local"]],
  [["telegram"], origin, ["telegram:-100:7"]],
  [["telegram@support"], null, ["telegram@support:-200"]],
  [["telegram:5"], null, ["telegram:5"]],
  // Nobody named a bot: the one that was spoken to.
  [["telegram:5"], origin, ["telegram@support:5"]],
  [["telegram@default:5"], origin, ["telegram:5"]],
  [["slack:C0ABC:1.5"], origin, ["slack@ops:C0ABC:1.5"]],
  [["web:Room"], origin, ["web:Room"]],
  // The same place in other words.
  [["telegram", "TELEGRAM:-100:7", "telegram@default:-100:7", "local", "local"], null, ["telegram:-100:7", "local"]],
  [["telegram:42:9", "origin"], origin, ["telegram@support:42:9"]],
  [["slack:c0abc", "slack:C0ABC"], null, ["slack@ops:c0abc", "slack@ops:C0ABC"]],
];

for (const [texts, from, found] of table) {
  test(`${texts.join(", ")} from ${from === null ? "nowhere" : from.chatId} is ${found.join(", ")}`, () => {
    const { targets, problems } = resolveTargets(texts, from, world);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      targets.map(({ text }) => text),
      found,
    );
  });
}

test("what leads nowhere is told with what to do, and the rest is found", () => {
  const { targets, problems } = resolveTargets(
    ["matrix:1", "slack", "telegram@sales:1", "web@x:1", "local"],
    null,
    world,
  );
  assert.deepEqual(
    targets.map(({ text }) => text),
    ["local"],
  );
  assert.deepEqual(problems, [
    'delivery target "matrix:1": expected a platform of local, slack, telegram, web.',
    "slack has no home channel. Set platforms.slack.homeChannel, say /sethome in a chat, or name one: slack:<chat_id>.",
    'delivery target "telegram@sales:1": expected one of the bots default, support after @, got "sales".',
    'delivery target "web@x:1": expected no bot to be named after @, got "x".',
  ]);
});

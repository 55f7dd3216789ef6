import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fault } from "../../fake/discord/faults.ts";
import { discordRig } from "./rig.ts";

const { signal } = new AbortController();
const unknownId = "999999999999999999";

test("a forum and a category take no posts; a text channel and a direct chat do", async () => {
  await using rig = await discordRig({ isStarted: false });
  const { world } = rig.discord;
  const guild_id = world.addGuild("guild");
  const asked = async (type: number) => {
    const { id } = world.addChannel({ type, guild_id });
    return (await rig.adapter.canPost?.({ chatId: id, threadId: null }, signal)) ?? null;
  };
  for (const type of [0, 1, 5, 11]) assert.equal(await asked(type), null);
  for (const type of [4, 15, 16]) assert.match((await asked(type)) ?? "", /nothing can be posted in this kind/);
});

test("what is no id is refused without asking", async () => {
  await using rig = await discordRig({ isStarted: false });
  const said = await rig.adapter.canPost?.({ chatId: "general", threadId: null }, signal);
  assert.match(said ?? "", /expected the id of a Discord channel: copy it with Developer Mode on\./);
});

const answers: readonly (readonly [string, Fault, RegExp | null])[] = [
  ["an unknown channel", { kind: "status", status: 404, code: 10003 }, /knows no such channel\. Check/],
  ["a hidden channel", { kind: "status", status: 403, code: 50001 }, /does not see this channel\. Add/],
  ["a path that is not there", { kind: "status", status: 404 }, null],
  ["a server's trouble", { kind: "status", status: 502 }, null],
  ["a refused token", { kind: "status", status: 401 }, null],
  ["too many calls", { kind: "rate_limit", retryAfterMs: 1_000 }, null],
  ["a cut connection", { kind: "cut" }, null],
  ["no JSON", { kind: "garbage" }, null],
];

for (const [what, fault, refusal] of answers) {
  test(`${what} is ${refusal === null ? "no" : "a"} refusal`, async () => {
    await using rig = await discordRig({ isStarted: false });
    const { id: chatId } = rig.discord.world.addChannel({ type: 0, id: unknownId });
    rig.discord.faults.add(/^GET .*channels/, fault);
    const said = (await rig.adapter.canPost?.({ chatId, threadId: null }, signal)) ?? null;
    if (refusal === null) assert.equal(said, null);
    else assert.match(said ?? "", refusal);
  });
}

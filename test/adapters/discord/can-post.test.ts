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

test("what the bot's roles and the channel don't let it do is said by Discord's names", async () => {
  await using rig = await discordRig({ isStarted: false });
  const { world } = rig.discord;
  const guild_id = world.addGuild("guild");
  const role = world.newId();
  const view = 1n << 10n;
  world.setRoles(guild_id, [
    { id: guild_id, permissions: String(view) },
    { id: role, permissions: String((1n << 11n) | (1n << 38n)) },
  ]);
  const closed = world.addChannel({
    type: 0,
    guild_id,
    permission_overwrites: [{ id: guild_id, allow: "0", deny: String(view) }],
  });
  const open = world.addChannel({ type: 0, guild_id });
  const thread = world.addChannel({ type: 11, guild_id, parent_id: closed.id });
  const asked = async (id: string) => (await rig.adapter.canPost?.({ chatId: id, threadId: null }, signal)) ?? null;
  assert.match((await asked(open.id)) ?? "", /lacks Send Messages here\. Give it that under Edit Channel/);
  assert.match((await asked(thread.id)) ?? "", /lacks View Channel and Send Messages in Threads here\./);
  world.setMember(guild_id, world.bot.id, { nick: null, roles: [role] });
  assert.equal(await asked(open.id), null);
  assert.match((await asked(closed.id)) ?? "", /lacks View Channel here\./);
});

test("permissions that can't be read refuse nothing", async () => {
  await using rig = await discordRig({ isStarted: false });
  const { world } = rig.discord;
  const { id } = world.addChannel({ type: 0, guild_id: world.addGuild("guild") });
  rig.discord.faults.add(/^GET .*roles/, { kind: "garbage" });
  assert.equal((await rig.adapter.canPost?.({ chatId: id, threadId: null }, signal)) ?? null, null);
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

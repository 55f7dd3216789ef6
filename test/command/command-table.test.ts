import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Command, CommandAccess, CommandGroup } from "../../src/command/command.ts";
import { commands } from "../../src/command/commands.ts";
import { ask } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";

const page = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
const titles: Readonly<Record<CommandGroup, string>> = { session: "Session", work: "Work", place: "Place" };
const who: Readonly<Record<CommandAccess | "everybody", string>> = {
  everybody: "everybody",
  admin: "admins",
  chooser: "everybody looks, `sessions.choices` chooses",
  shared_admin: "everybody; where shared, admins",
  shared_author: "everybody; where shared, about their own messages; admins about all",
  shared_asker: "everybody; where shared, whoever wrote the last message",
};

/** A command's line of the page. */
function rowOf({ name, usage, summary, access, isControl }: Command): string {
  const call = `/${name}${usage === "" ? "" : ` ${usage}`}`.replaceAll("|", "\\|");
  return `| \`${call}\` | ${summary} | ${who[access ?? "everybody"]} | ${isControl === true ? "at once" : "in turn"} |`;
}

for (const group of ["session", "work", "place"] as const) {
  test(`docs/commands.md has the commands of ${titles[group]} as they are, in order`, () => {
    const section = page.split(`\n## ${titles[group]}\n`)[1]?.split("\n## ")[0] ?? "";
    const rows = section.split("\n").filter((line) => line.startsWith("| `/"));
    assert.deepEqual(rows, commands.filter((command) => command.group === group).map(rowOf));
  });
}

test("docs/commands.md names the commands whose answer is for the asker alone", () => {
  const sentence = page.split("\n\n").find((paragraph) => paragraph.startsWith("**Private**")) ?? "";
  const named = [...sentence.matchAll(/`\/([a-z]+)`/g)].map(([, name]) => name);
  assert.deepEqual(
    named,
    commands.filter(({ answer }) => answer === "private").map(({ name }) => name),
  );
});

test("every command has a name of its own, and fits what the platforms take", () => {
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
  for (const { name, summary } of commands) {
    // 32 characters and 100: discord.com/developers/docs/interactions/application-commands
    assert.match(name, /^[a-z]{1,32}$/);
    assert.ok(summary.length <= 100, `/${name}: ${summary.length} characters`);
  }
});

test("/help lists every command to an admin, in its group", async () => {
  await using bare = await bareGateway({ choices: "everyone" });
  const blocks = (await ask(bare, "/help")).split("\n\n");
  assert.deepEqual(
    blocks.map((block) => block.split("\n")[0]),
    ["**Session**", "**Work**", "**Place**"],
  );
  for (const { name, group } of commands) {
    const block = blocks.find((each) => each.startsWith(`**${titles[group]}**`)) ?? "";
    assert.match(block, new RegExp(`^/${name}( .*)?: `, "m"));
  }
});

test("/help leaves out what the person may not give, here", async () => {
  await using bare = await bareGateway({ rules: { admit: () => ({ kind: "admitted", isAdmin: false }) } });
  const names = async (about: Parameters<typeof ask>[2]) =>
    [...(await ask(bare, "/help", about)).matchAll(/^\/([a-z]+)/gm)].map(([, name]) => name);
  const all = commands.map(({ name }) => name);
  const forAdmins = ["pair", "sethome", "agent", "model"];
  assert.deepEqual(new Set(await names({})), new Set(all.filter((name) => !forAdmins.includes(name))));
  const inThread = await names({ source: { chatType: "thread", threadId: "t" } });
  assert.ok(!inThread.includes("delete") && inThread.includes("undo"));
});

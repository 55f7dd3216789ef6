import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

const entry = fileURLToPath(new URL("../../src/cli/parley.js", import.meta.url));
const run = promisify(execFile);

const codeIn = (text: string) => /pairing code is \W*([A-Z0-9]{8})\b/.exec(text)?.[1];

test("a person nobody knows gets a code in a direct message, and is let in by it from the command line, on each platform", async () => {
  await using parley = await startPlatformDaemon({ more: () => ({ access: { mode: "pairing" } }) });
  for (const world of parley.worlds) {
    world.say(world.group(1), "hello everyone", { mentionsBot: true });
    world.say(world.dm(1), "hello");
    await until("they are told a code", () => codeIn(postsIn(world, world.dm(1))[0]?.text ?? "") !== undefined);
    const code = codeIn(postsIn(world, world.dm(1))[0]?.text ?? "") ?? "";
    const args = [entry, "pair", "approve", code, "--config", parley.configPath];
    const { stdout } = await run(process.execPath, args, { env: { PATH: process.env.PATH } });
    assert.match(stdout, /may talk to the bot now\.\n$/);
    await until("they are told that they are in", () => postsIn(world, world.dm(1)).length === 2);
    world.say(world.dm(1), "and now?");
    await until("they are answered", () => postsIn(world, world.dm(1)).length === 3);
    assert.match(postsIn(world, world.dm(1))[2]?.text ?? "", /^and now\?/);
    world.say(world.group(1), "still strangers", { mentionsBot: true, person: 2 });
    const { place } = world.say(world.group(1), "here too?", { mentionsBot: true });
    await until("they are answered in groups as well", () => postsIn(world, place).length === 1);
    assert.match(postsIn(world, place)[0]?.text ?? "", /here too\?/);
    assert.equal(world.posts().length, 4, "strangers in groups are met with silence");
  }
});

test("an admin lets a person in by the button they are shown, on each platform", async () => {
  await using parley = await startPlatformDaemon({
    more: (worlds) => ({
      access: { mode: "pairing", admins: worlds.map((world) => `${world.platform}:${world.userId(9)}`) },
    }),
  });
  for (const world of parley.worlds) {
    world.say(world.dm(9), "I am the admin", { person: 9 });
    await until("the admin is known", () => postsIn(world, world.dm(9)).length === 1);
    world.say(world.dm(1), "let me in");
    await until("the admin is asked", () => postsIn(world, world.dm(9)).length === 2);
    const question = postsIn(world, world.dm(9))[1];
    const approve = question?.buttons.find((command) => command.includes("approve"));
    assert.ok(question !== undefined && approve !== undefined, JSON.stringify(question));
    world.press(question, approve, 9);
    await until("the person is told", () => postsIn(world, world.dm(1)).length === 2);
    await until("the press is acknowledged", () => world.pressesConfirmed() === 1);
    world.say(world.dm(1), "thanks");
    await until("they are answered", () => postsIn(world, world.dm(1)).length === 3);
  }
});

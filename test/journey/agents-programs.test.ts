import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ChatWorld, openWorld, postsIn, type SeenPost } from "../support/chat-world.ts";
import { startConfiguredDaemon } from "../support/configured-daemon.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

const acpProgram = fileURLToPath(new URL("../fake/agents/acp.ts", import.meta.url));

/** A program as somebody would write it: answers with what it was given, and with what it sees of its environment. */
const PROGRAM = `
import { text } from "node:stream/consumers";
const { message, history } = JSON.parse(await text(process.stdin));
console.error("asked about " + message.text);
if (message.text === "wait") await new Promise((resolve) => setTimeout(resolve, 600_000));
const before = history.map(({ role, text }) => role + ": " + text).join("; ");
process.stdout.write("You said **" + message.text + "** after (" + before + "). " + Object.keys(process.env).sort().join());
`;

test("a program answers, is given the history and its own environment, and its errors are in the log", async () => {
  using folder = tempDir();
  const path = join(folder.path, "answer.mjs");
  writeFileSync(path, PROGRAM);
  await using parley = await startConfiguredDaemon({
    file: { agents: { main: { kind: "command", command: process.execPath, args: [path], env: { MY_KEY: "x" } } } },
  });
  assert.equal(await parley.ask("one"), "You said **one** after (). MY_KEY,PATH");
  assert.match(await parley.ask("two"), /^You said \*\*two\*\* after \(user: one; assistant: You said \*\*one\*\*/);
  await until("its words are logged", () => parley.logged().includes("asked about two"));

  const waiting = parley.ask("wait");
  await until("it waits", () => parley.logged().includes("asked about wait"));
  const startedMs = performance.now();
  assert.equal(await parley.ask("/stop"), "Stopped.");
  await waiting;
  assert.ok(performance.now() - startedMs < 1_500, "the program is ended within a second");
  assert.equal(parley.daemon.gateway.status().runningTurns, 0);
});

/** A daemon whose agent asks for permission before it acts. */
const asking = async (folder: string, world?: ChatWorld) =>
  await startConfiguredDaemon({
    file: { agents: { main: { kind: "acp", command: process.execPath, args: [acpProgram, folder] } } },
    ...(world === undefined ? {} : { world }),
  });

test("what an agent asks to do is allowed and refused by buttons in the chat", async () => {
  using folder = tempDir();
  await using world = await openWorld("telegram");
  await using _parley = await asking(folder.path, world);
  const place = world.dm(1);
  let seen = 0;
  const nextPost = async (what: string): Promise<SeenPost> => {
    await until(what, () => postsIn(world, place).length > seen);
    const post = postsIn(world, place)[seen];
    assert.ok(post !== undefined);
    seen += 1;
    return post;
  };
  for (const [word, choice, outcome] of [
    ["/approve", "Allowed.", "you said yes"],
    ["/deny", "Refused.", "you said no"],
  ] as const) {
    world.say(place, "permission");
    const question = await nextPost("it asks");
    assert.match(question.text, /^May I\? Remove old files\s+rm -r old/);
    const command = question.buttons.find((each) => each.startsWith(word));
    assert.ok(command !== undefined, `a button for ${word}`);
    world.press(question, command);
    const two = [await nextPost("something is said"), await nextPost("something more is said")];
    assert.deepEqual(two.map(({ text }) => text).sort(), [choice, outcome].sort());
    await until("the press is acknowledged", () => world.pressesConfirmed() === (word === "/approve" ? 1 : 2));
  }
});

test("a button that is pressed twice, or after the turn, changes nothing", async () => {
  using folder = tempDir();
  await using world = await openWorld("telegram");
  await using _parley = await asking(folder.path, world);
  const place = world.dm(1);
  const posts = () => postsIn(world, place);
  world.say(place, "permission");
  await until("it asks", () => posts().length === 1);
  const [question] = posts();
  assert.ok(question !== undefined);
  const [approve = "", deny = ""] = question.buttons;
  world.press(question, approve);
  await until("it is done", () => posts().length === 3);
  world.press(question, deny);
  await until("that is said", () => posts().length === 4);
  assert.match(posts().at(-1)?.text ?? "", /not waiting for such an answer/);
  assert.ok(posts().some(({ text }) => text === "you said yes"));
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { Answer, ChatDoor, ChatEvent, Question } from "../../src/cli/chat-door.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { terminalChat } from "../../src/cli/terminal-chat.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

/** A terminal at which a test types, and a door whose answers it gives. */
function talk(dataDir: string) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => stdin });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = "";
  stdout.setEncoding("utf8").on("data", (text) => {
    shown += text;
  });
  const terminal = {
    stdin,
    stdout,
    print: (lines: string) => void stdout.write(`${lines}\n`),
    complain() {},
    isInteractive: true,
  } as unknown as Terminal;
  const questions: (Question & { answer(answer: Answer): void })[] = [];
  let tell: (event: ChatEvent) => void = () => {};
  const door: ChatDoor = {
    description: "a test",
    ask: (question, signal) =>
      new Promise((answer) => {
        questions.push({ ...question, answer });
        signal.addEventListener("abort", () => answer({ kind: "left" }));
      }),
    watch(onEvent) {
      tell = onEvent;
    },
    async [Symbol.asyncDispose]() {},
  };
  const ended = terminalChat(terminal, door, dataDir);
  return {
    type: (keys: string) => void stdin.write(keys),
    shown: () => shown,
    questions,
    tell: (event: ChatEvent) => tell(event),
    ended,
  };
}

test("a person at a terminal asks, is answered, and leaves by Ctrl-D", async () => {
  using folder = tempDir();
  const { type, shown, questions, ended } = talk(folder.path);
  type("hello\r");
  await until("the question is asked", () => questions.length === 1);
  assert.equal(questions[0]?.text, "hello");
  assert.ok(shown().endsWith("…"), "the sign of work");
  // Typed too early: kept, and sent when its turn comes.
  type("  \rnext\r");
  questions[0]?.answer({ kind: "answered", inboxId: 1, text: "Hello to you." });
  await until("the next question is asked", () => questions.length === 2);
  assert.match(shown(), /Hello to you\.\n/);
  questions[1]?.answer({ kind: "answered", inboxId: 2, text: "And that." });
  await until("the answer is shown", () => shown().includes("And that."));
  type("\u0004");
  assert.equal(await ended, 0);
  assert.equal(readFileSync(join(folder.path, "chat_history"), "utf8"), "hello\nnext\n");
});

test("Ctrl-C stops waiting for an answer, and clears what is typed", async () => {
  using folder = tempDir();
  const { type, shown, questions, tell, ended } = talk(folder.path);
  type("long\r");
  await until("the question is asked", () => questions.length === 1);
  type("\u0003");
  await until("nobody waits any more", () => shown().includes("no longer waiting"));
  type("half a line");
  await until("it is shown", () => shown().endsWith("half a line"));
  tell({ kind: "post", inboxId: 1, outboxId: 1, postKind: "reply", text: "It came." });
  assert.match(shown(), /It came\.\n[^\n]*half a line/);
  type("\u0003after\r");
  await until("the other line is asked", () => questions.length === 2);
  assert.equal(questions[1]?.text, "after");
  questions[1]?.answer({ kind: "refused", message: "Too many." });
  await until("the refusal is shown", () => shown().includes("Too many."));
  type("\u0004");
  assert.equal(await ended, 0);
});

test("a second time, the arrow brings back what was typed the first time", async () => {
  using folder = tempDir();
  for (const keys of ["first\r", "\u001b[A\r"]) {
    const { type, questions, ended } = talk(folder.path);
    type(keys);
    await until("the question is asked", () => questions.length === 1);
    assert.equal(questions[0]?.text, "first");
    questions[0]?.answer({ kind: "answered", inboxId: 1, text: "ok" });
    type("\u0004");
    await ended;
  }
});

import { createInterface } from "node:readline";
import { randomHex } from "../clock/clock.ts";
import { visibleText } from "../observe/visible-text.ts";
import type { ChatDoor } from "./chat-door.ts";
import type { ExitCode } from "./cli-command.ts";
import { visibleLines } from "./shown-text.ts";
import type { Terminal } from "./terminal.ts";

/** 128 bits: no two messages get the same id. */
const MESSAGE_ID_BYTES = 16;

/** A fresh id for a message. */
export function messageId(): string {
  return `chat-${randomHex(MESSAGE_ID_BYTES)}`;
}

/** Sends each line of the input and prints its answer before the next is sent; 1 when one was refused. */
export async function pipeChat(terminal: Terminal, door: ChatDoor): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const nobodyLeaves = new AbortController().signal;
  for await (const line of createInterface({ input: terminal.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const tell = (words: string) => terminal.complain(`parley: ${words}`);
    const answer = await door.ask({ text: line, messageId: messageId() }, nobodyLeaves, tell);
    if (answer.kind === "answered") terminal.print(visibleLines(answer.text));
    else if (answer.kind === "refused") {
      terminal.complain(visibleText(`parley: ${answer.message}`));
      exitCode = 1;
    }
  }
  return exitCode;
}

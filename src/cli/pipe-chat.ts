import { createInterface } from "node:readline";
import { visibleText } from "../observe/visible-text.ts";
import { type ChatDoor, questionOf } from "./chat-door.ts";
import type { ExitCode } from "./cli-command.ts";
import { visibleLines } from "./shown-text.ts";
import type { Terminal } from "./terminal.ts";

/** Sends each line of the input and prints its answer before the next is sent; 1 when one was refused. */
export async function pipeChat(terminal: Terminal, door: ChatDoor): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const nobodyLeaves = new AbortController().signal;
  for await (const line of createInterface({ input: terminal.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const tell = (words: string) => terminal.complain(`parley: ${words}`);
    const answer = await door.ask(questionOf(line), nobodyLeaves, tell);
    if (answer.kind === "answered") terminal.print(visibleLines(answer.text));
    else if (answer.kind === "refused") {
      terminal.complain(visibleText(`parley: ${answer.message}`));
      exitCode = 1;
    }
  }
  return exitCode;
}

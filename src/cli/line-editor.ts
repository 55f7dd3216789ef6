import { clearLine, createInterface, cursorTo } from "node:readline";
import { Writable } from "node:stream";
import type { ScreenOutput } from "./chat-screen.ts";
import type { Terminal } from "./terminal.ts";

/** The line a person types, and the screen above it. */
export interface LineEditor extends Disposable {
  readonly output: ScreenOutput;
  /** The next line; null when the person leaves. What they type before it is asked for is kept. */
  readLine(): Promise<string | null>;
}

const PROMPT = "> ";
const WORKING = "…";

/** Opens a line editor with history (newest first) on a terminal; `onInterrupt` is called for Ctrl-C while no line is asked for. */
export function openLineEditor(terminal: Terminal, history: readonly string[], onInterrupt: () => void): LineEditor {
  const { stdin, stdout } = terminal;
  const typed: string[] = [];
  let isClosed = false;
  let waiting: ((line: string | null) => void) | null = null;
  let isWorking = false;

  // What is typed while an answer is shown stays in the editor, but not in the middle of the answer.
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (waiting !== null) stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({
    input: stdin,
    output: Object.defineProperty(echo, "columns", { get: () => ("columns" in stdout ? stdout.columns : undefined) }),
    terminal: true,
    prompt: PROMPT,
    history: [...history],
    removeHistoryDuplicates: true,
  });
  const onResize = () => echo.emit("resize");
  stdout.on("resize", onResize);

  const settle = (line: string | null) => {
    const resolve = waiting;
    waiting = null;
    resolve?.(line);
  };
  lines.on("line", (line) => {
    if (waiting === null) typed.push(line);
    else settle(line);
  });
  lines.on("close", () => {
    isClosed = true;
    if (waiting !== null) stdout.write("\n");
    settle(null);
  });
  lines.on("SIGINT", () => {
    if (waiting === null) {
      onInterrupt();
      return;
    }
    stdout.write("^C\n(Ctrl-D leaves)\n");
    lines.write(null, { ctrl: true, name: "e" });
    lines.write(null, { ctrl: true, name: "u" });
    lines.prompt();
  });
  // Ctrl-D while an answer is awaited leaves too, as soon as it has come.

  const working = (isShown: boolean) => {
    if (isShown === isWorking) return;
    isWorking = isShown;
    if (isShown) stdout.write(WORKING);
    else eraseLine();
  };
  const eraseLine = () => {
    cursorTo(stdout, 0);
    clearLine(stdout, 0);
  };

  return {
    output: {
      write: (text) => void stdout.write(text),
      working,
      aside(write) {
        if (waiting === null) {
          write();
          return;
        }
        eraseLine();
        write();
        lines.prompt(true);
      },
    },
    async readLine() {
      const early = typed.shift();
      if (early !== undefined) {
        stdout.write(`${PROMPT}${early}\n`);
        return early;
      }
      if (isClosed) return null;
      return await new Promise((resolve) => {
        waiting = resolve;
        lines.prompt(true);
      });
    },
    [Symbol.dispose]() {
      stdout.off("resize", onResize);
      lines.close();
    },
  };
}

import type { Readable } from "node:stream";
import type { Clock } from "../clock/clock.ts";
import { visibleText } from "../observe/visible-text.ts";
import { cutText } from "../session/untrusted-text.ts";
import { textLines } from "./text-lines.ts";

/** What a program says on its standard error. */
export interface ChildLog {
  /** Reads a stream to its end, so that the program never waits for us; resolves there, however it ends. */
  take(stderr: Readable): Promise<void>;
  /** One line of our own about the program, under the same limit. */
  say(line: string): void;
  /** The last lines in one, for a failure's detail; empty when there were none. */
  tail(): string;
}

/** Longest line that is passed on, in UTF-16 units. */
const MAX_LINE_LENGTH = 2000;
/** Lines a minute: more is a program gone wild, and would bury everything else in the log. */
const MAX_LINES_PER_MINUTE = 200;
const MINUTE_MS = 60_000;
/** Lines kept for the detail of a failure, and how long each may be there. */
const TAIL_LINES = 5;
const TAIL_LINE_LENGTH = 300;

/** Passes on each line to `report`, control characters made visible, bounded in length and number. */
export function childLog(report: (line: string) => void, clock: Clock): ChildLog {
  const tail: string[] = [];
  let minuteStartMs = clock.monotonicMs();
  let linesThisMinute = 0;

  const say = (line: string) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - minuteStartMs >= MINUTE_MS) {
      minuteStartMs = nowMs;
      linesThisMinute = 0;
    }
    linesThisMinute += 1;
    if (linesThisMinute <= MAX_LINES_PER_MINUTE) report(cutText(visibleText(line), MAX_LINE_LENGTH));
    if (linesThisMinute === MAX_LINES_PER_MINUTE) report("more lines than this in one minute are left out");
  };
  const takeLine = (line: string) => {
    if (line.trim() === "") return;
    say(line);
    tail.push(cutText(visibleText(line), TAIL_LINE_LENGTH));
    if (tail.length > TAIL_LINES) tail.shift();
  };
  return {
    say,
    tail: () => tail.join(" | "),
    take(stderr) {
      const decoder = new TextDecoder();
      const lines = textLines();
      stderr.on("data", (chunk: Buffer) => {
        for (const line of lines.push(decoder.decode(chunk, { stream: true }))) takeLine(line);
        if (lines.pendingLength() > MAX_LINE_LENGTH) takeLine(lines.rest());
      });
      stderr.on("end", () => takeLine(lines.push(`${decoder.decode()}\n`).join("")));
      // A broken pipe ends the lines; how the program ended is told elsewhere.
      stderr.on("error", () => {});
      return new Promise((resolve) => stderr.once("close", resolve));
    },
  };
}

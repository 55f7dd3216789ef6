import { failed } from "./program-failure.ts";
import { type ProgramEvent, readLine } from "./program-line.ts";
import { textLines } from "./text-lines.ts";

/** What a program writes: plain text, JSON lines, or whichever its first line turns out to be. */
export type OutputMode = "text" | "jsonl" | "auto";

/** Reads a program's answer as it arrives. */
export interface ProgramOutput {
  /** Takes the next piece of decoded text. A `failed` among the events means that no more is to be read. */
  push(piece: string): readonly ProgramEvent[];
  /** What was still held back when the output ended. */
  end(): readonly ProgramEvent[];
}

/** Most text of one turn, in UTF-16 units: twice what the gateway keeps, so that only a runaway program gets there. */
const MAX_TEXT_LENGTH = 2 * 1024 * 1024;
/** Longest line of JSON, in UTF-16 units: a file of 20 MB in base64 and its name. */
const MAX_LINE_LENGTH = 28 * 1024 * 1024;
/** Most output of any kind in one turn, in UTF-16 units: two such files and whatever is between them. */
const MAX_OUTPUT_LENGTH = 64 * 1024 * 1024;
/** How much of a first line is awaited before it counts as text. */
const MAX_FIRST_LINE_LENGTH = 64 * 1024;

/** Reads output in this mode; `onNoise` gets a word about each JSON line that is no event. */
export function programOutput(mode: OutputMode, onNoise: (why: string) => void): ProgramOutput {
  let reading: ProgramOutput | null = mode === "auto" ? null : readerOf(mode, onNoise);
  let undecided = "";
  let length = 0;
  let textLength = 0;

  const bounded = (events: readonly ProgramEvent[]): readonly ProgramEvent[] => {
    for (const event of events) textLength += event.kind === "text" ? event.delta.length : 0;
    return textLength > MAX_TEXT_LENGTH ? [tooMuch(`${MAX_TEXT_LENGTH} characters of text`)] : events;
  };
  return {
    push(piece) {
      length += piece.length;
      if (length > MAX_OUTPUT_LENGTH) return [tooMuch(`${MAX_OUTPUT_LENGTH} characters`)];
      if (reading !== null) return bounded(reading.push(piece));
      undecided += piece;
      const decided = modeOf(undecided);
      if (decided === null) return [];
      reading = readerOf(decided, onNoise);
      return bounded(reading.push(undecided));
    },
    end() {
      if (reading !== null) return bounded(reading.end());
      const last = readerOf(modeOf(`${undecided}\n`) ?? "text", onNoise);
      return bounded([...last.push(undecided), ...last.end()]);
    },
  };
}

function readerOf(mode: "text" | "jsonl", onNoise: (why: string) => void): ProgramOutput {
  return mode === "text" ? plainText() : jsonLines(onNoise);
}

/** The mode a beginning shows; null while it may still become either. */
function modeOf(beginning: string): "text" | "jsonl" | null {
  const start = beginning.trimStart();
  if (start === "") return null;
  if (!start.startsWith("{")) return "text";
  const end = start.indexOf("\n");
  if (end === -1) return start.length > MAX_FIRST_LINE_LENGTH ? "text" : null;
  return readLine(start.slice(0, end)).kind === "event" ? "jsonl" : "text";
}

/** Text as it is, except that line feeds are held back until something follows them: nobody means the last one. */
function plainText(): ProgramOutput {
  let held = "";
  return {
    push(piece) {
      const text = held + piece;
      const shown = text.replace(/[\r\n]+$/, "");
      held = text.slice(shown.length);
      return shown === "" ? [] : [{ kind: "text", delta: shown }];
    },
    end: () => [],
  };
}

function jsonLines(onNoise: (why: string) => void): ProgramOutput {
  const lines = textLines();
  const eventsOf = (line: string): readonly ProgramEvent[] => {
    if (line.trim() === "") return [];
    const read = readLine(line);
    if (read.kind === "event") return [read.event];
    onNoise(read.why);
    return [];
  };
  return {
    push(piece) {
      const complete = lines.push(piece);
      if (lines.pendingLength() > MAX_LINE_LENGTH) return [tooMuch(`${MAX_LINE_LENGTH} characters in one line`)];
      return complete.flatMap(eventsOf);
    },
    end: () => eventsOf(lines.rest()),
  };
}

function tooMuch(limit: string): ProgramEvent {
  return failed("error", `it wrote more than ${limit}, and was ended`);
}

import type { ErrorFields } from "./error-fields.ts";
import { mapStrings } from "./map-strings.ts";
import { visibleText } from "./visible-text.ts";

/** A log record as it was serialised, parsed again. */
export interface LogRecord {
  readonly [field: string]: unknown;
  readonly error?: ErrorFields;
}

const INDENT = "    ";

/**
 * Loads the formatter for people at a terminal: one line a record, then an error's chain of causes, indented.
 * Nothing in a record, whoever wrote it, can begin a line at the margin or reach the terminal as a control sequence.
 */
export async function loadPrettyRecord(color: boolean): Promise<(record: LogRecord) => string> {
  const { prettyFactory } = await import("pino-pretty");
  const pretty = prettyFactory({ colorize: color, translateTime: "SYS:HH:MM:ss.l", singleLine: true });
  return ({ error, ...rest }) =>
    pretty(mapStrings(rest, visibleText)) + (error === undefined ? "" : prettyError(error, ""));
}

function prettyError({ type, message, code, stack, cause, errors = [] }: ErrorFields, introduction: string): string {
  const head = `${type}: ${message}`;
  return [
    `${INDENT}${introduction}${visibleText(code === undefined ? head : `${head} (${code})`)}\n`,
    ...framesOf(stack, head).map((frame) => `${INDENT}${INDENT}${visibleText(frame)}\n`),
    ...errors.map((part) => prettyError(part, "one of: ")),
    cause === undefined ? "" : prettyError(cause, "caused by: "),
  ].join("");
}

/** The `at …` lines of a stack; its head is taken away first, since a message may hold lines that look like frames. */
function framesOf(stack: string | undefined, head: string): readonly string[] {
  if (stack === undefined) return [];
  return (stack.startsWith(head) ? stack.slice(head.length) : stack)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
}

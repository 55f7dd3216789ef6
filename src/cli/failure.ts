import { ConfigError } from "../../config/problems.ts";
import { visibleText } from "../observe/visible-text.ts";
import type { ExitCode } from "./cli-command.ts";

/** The program was called in a way it does not understand; the message says what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What was asked for could not be done; the message says why and what to do. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** How a failure is told: lines for stderr, and the exit code. */
export interface FailureReport {
  readonly lines: readonly string[];
  readonly exitCode: ExitCode;
}

/** Tells whatever was thrown in readable lines; its stack and causes only when `isDebug`. */
export function failureReport(error: unknown, isDebug: boolean): FailureReport {
  const stack = isDebug ? stackLines(error) : [];
  if (error instanceof ConfigError) {
    const problems = error.problems.map(({ path, message }) => visibleText(`parley: ${path}: ${message}`));
    return { lines: [...problems, ...stack], exitCode: 2 };
  }
  const message = error instanceof Error ? error.message : String(error);
  const words = isExpected(error)
    ? message
    : `unexpected error: ${message}${isDebug ? "" : ". Run it again with --log-level debug to see where."}`;
  return { lines: [visibleText(`parley: ${words}`), ...stack], exitCode: error instanceof UsageError ? 2 : 1 };
}

/** The language's own errors, and a parser's about what we wrote ourselves: their messages are for developers. */
const BUGS = new Set(["TypeError", "RangeError", "ReferenceError", "SyntaxError", "AssertionError", "ZodError"]);

/** Whether a failure's message was written for whoever runs the program: everything that is not a bug of ours. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && !BUGS.has(error.name);
}

/** Causes told after the first error; a longer chain is a loop. */
const MAX_CAUSES = 8;

function stackLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  let thrown = error;
  for (let depth = 0; depth < MAX_CAUSES && thrown instanceof Error; depth += 1) {
    const stack = thrown.stack ?? `${thrown.name}: ${thrown.message}`;
    lines.push(...stack.split("\n").map((line) => visibleText(depth === 0 ? line : `caused by: ${line}`)));
    thrown = thrown.cause;
  }
  return lines;
}

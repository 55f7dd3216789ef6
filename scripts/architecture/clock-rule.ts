import type { SourceFile } from "./import-rule.ts";
import { CLOCK_FILE, partOf, TICK_PART } from "./parts.ts";
import { type Token, tokensOf } from "./tokens.ts";

const TIMERS = new Set(["setTimeout", "setInterval"]);
const RANDOM = new Set(["randomBytes", "randomInt", "randomUUID", "randomFillSync", "getRandomValues"]);
const GLOBALS = new Set(["globalThis", "global"]);
const MEMBERS = new Set(["Date.now", "Math.random", "performance.now", "process.hrtime", "AbortSignal.timeout"]);

/** Where a file reads the time, sets a timer or draws a random number by itself, one readable line each. */
export function clockComplaints(file: SourceFile): readonly string[] {
  if (file.path === CLOCK_FILE) return [];
  const ticks = partOf(file.path)?.path === TICK_PART;
  const tokens = tokensOf(file.text);
  return tokens.flatMap((_, index) => {
    const used = clockUse(tokens, index, ticks);
    return used === null ? [] : [`${file.path}:${tokens[index]?.line}: uses ${used}, expected ${CLOCK_FILE} instead`];
  });
}

function clockUse(tokens: readonly Token[], index: number, ticks: boolean): string | null {
  const [token, second, third, fourth] = tokens.slice(index, index + 4);
  if (token?.kind !== "word") return null;
  const before = tokens[index - 1];
  // `socket.setTimeout(…)` is a method of its own; `globalThis.setTimeout(…)` is not.
  const isMember = before?.text === "." && !GLOBALS.has(tokens[index - 2]?.text ?? "");
  if (RANDOM.has(token.text) && second?.text !== ":") return token.text;
  if (isMember) return null;
  if (TIMERS.has(token.text) || (token.text === "setImmediate" && !ticks)) return token.text;
  if (token.text === "new" && second?.text === "Date" && (third?.text !== "(" || fourth?.text === ")"))
    return "new Date()";
  const member = second?.text === "." ? `${token.text}.${third?.text}` : "";
  return MEMBERS.has(member) ? member : null;
}

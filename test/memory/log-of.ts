import type { LogLine } from "../../src/memory/summary.ts";
import { logLine } from "../support/fake-memory.ts";

/**
 * A log from its short form: `u` a user, `a` an assistant, `a:x,y` one that calls x and y, `t:x` what a tool answered to x,
 * `t` a tool that names no call, `s` the system. The texts are m1, m2 and so on.
 */
export function logOf(steps: string): readonly LogLine[] {
  return steps
    .split(" ")
    .filter((step) => step !== "")
    .map((step, index) => {
      const [letter, ids] = step.split(":");
      const text = `m${index + 1}`;
      if (letter === "t") return logLine(index + 1, "tool", text, { toolCallId: ids ?? null });
      if (letter === "s") return logLine(index + 1, "system", text);
      if (letter === "a")
        return logLine(index + 1, "assistant", text, ids === undefined ? {} : { toolCallIds: ids.split(",") });
      return logLine(index + 1, "user", text);
    });
}

/** People and assistant in turns, a person first. */
export function turns(count: number): readonly LogLine[] {
  return logOf(Array.from({ length: count }, (_, index) => (index % 2 === 0 ? "u" : "a")).join(" "));
}

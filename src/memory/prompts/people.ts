import type { LogLine } from "../summary.ts";

/** The people of some lines under names of ours, `p1` and so on, so that a model sees no ids and can't name anybody else. */
export function aliasesOf(lines: readonly LogLine[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { role, senderId } of lines) {
    if (role === "user" && senderId !== null && !aliases.has(senderId)) aliases.set(senderId, `p${aliases.size + 1}`);
  }
  return aliases;
}

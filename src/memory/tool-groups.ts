import type { LogLine } from "./summary.ts";

/**
 * For each line the index of the line its group begins with: an assistant's calls and what the tools answered belong together,
 * and so does everything between them. A line outside of groups begins its own.
 */
export function groupStarts(lines: readonly LogLine[]): readonly number[] {
  const starts = lines.map((_, index) => index);
  const callerOf = new Map<string, number>();
  let caller: number | null = null;
  lines.forEach((line, index) => {
    if (line.role === "tool") {
      const named = line.toolCallId == null ? undefined : callerOf.get(line.toolCallId);
      // A tool's line that names no call we know answers whoever spoke before the tools.
      starts[index] = named ?? caller ?? index;
      return;
    }
    caller = line.role === "assistant" ? index : null;
    for (const id of line.toolCallIds ?? []) callerOf.set(id, index);
  });
  for (let index = starts.length - 1, reached = starts.length; index >= 0; index -= 1) {
    reached = Math.min(reached, starts[index] ?? index);
    if (reached < index) starts[index] = reached;
    else reached = starts.length;
  }
  return spread(starts);
}

/** Lines that stand within a group begin where the group begins, also when that lies within an earlier one. */
function spread(starts: readonly number[]): readonly number[] {
  const roots: number[] = [];
  for (const [index, start] of starts.entries()) roots.push(start < index ? (roots[start] ?? start) : index);
  return roots;
}

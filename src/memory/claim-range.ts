import type { LogLine } from "./summary.ts";
import { groupStarts } from "./tool-groups.ts";

/** What stays in the window, word for word. */
export interface Tail {
  readonly messages: number;
  readonly userTurns: number;
}

export const DEFAULT_TAIL: Tail = { messages: 5, userTurns: 2 };

/** What a commit archives, which is never empty, and what it leaves. */
export interface ClaimRange {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly lines: readonly LogLine[];
  readonly tail: readonly LogLine[];
}

/**
 * The lines of the window (all of them, oldest first) that a commit takes: everything before the tail, which grows backwards
 * until it has enough messages and turns of people and cuts no call from its results. Null when nothing is left to take.
 */
export function claimRange(window: readonly LogLine[], tail: Tail = DEFAULT_TAIL): ClaimRange | null {
  let userTurns = 0;
  let messages = 0;
  let border = window.length;
  while (border > 0 && (messages < Math.max(1, tail.messages) || userTurns < tail.userTurns)) {
    border -= 1;
    messages += 1;
    if (window[border]?.role === "user") userTurns += 1;
  }
  return splitAt(window, groupBorder(window, border));
}

/** The beginning of the window that has exactly these numbers; null when it is another one by now, or would cut a tool group. */
export function snapshotRange(window: readonly LogLine[], seqs: readonly number[]): ClaimRange | null {
  const border = seqs.length;
  if (seqs.some((seq, index) => window[index]?.seq !== seq) || groupBorder(window, border) !== border) return null;
  return splitAt(window, border);
}

/** The greatest border up to this one that no tool group spans. */
function groupBorder(window: readonly LogLine[], border: number): number {
  if (border >= window.length) return border;
  return groupStarts(window)[border] ?? border;
}

function splitAt(window: readonly LogLine[], border: number): ClaimRange | null {
  const lines = window.slice(0, border);
  const [first, last] = [lines.at(0), lines.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { fromSeq: first.seq, toSeq: last.seq, lines, tail: window.slice(border) };
}

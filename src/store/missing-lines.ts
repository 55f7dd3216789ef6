import { hash } from "node:crypto";
import type { ReadLine } from "./read-transcript-file.ts";
import { type TranscriptMessage, transcriptLine } from "./transcript-line.ts";

/**
 * The lines of a file whose messages a transcript does not have yet, and those that are no messages. A message that the file
 * has twice and the transcript once is missing once. Both sides are read side by side as long as they are equal, which
 * is the usual case; from the first difference on, some 100 bytes for each stored line are held.
 */
export function* missingLines(
  lines: Iterable<ReadLine>,
  stored: Iterable<TranscriptMessage>,
): Generator<ReadLine, void> {
  const rows = stored[Symbol.iterator]();
  let row = rows.next();
  let unmatched: Map<string, number> | null = null;
  for (const line of lines) {
    if (line.kind === "refused") {
      yield line;
      continue;
    }
    const text = transcriptLine(line.message);
    if (unmatched === null) {
      if (row.done !== true && transcriptLine(row.value) === text) {
        row = rows.next();
        continue;
      }
      unmatched = new Map();
      // All of them now: what is appended while this runs must not count as stored.
      for (; row.done !== true; row = rows.next()) countOne(unmatched, transcriptLine(row.value));
    }
    if (!takeOne(unmatched, text)) yield line;
  }
}

function countOne(counts: Map<string, number>, text: string): void {
  const digest = hash("sha256", text, "base64");
  counts.set(digest, (counts.get(digest) ?? 0) + 1);
}

function takeOne(counts: Map<string, number>, text: string): boolean {
  if (counts.size === 0) return false;
  const digest = hash("sha256", text, "base64");
  const count = counts.get(digest) ?? 0;
  if (count === 0) return false;
  counts.set(digest, count - 1);
  return true;
}

import { graphemeBoundary } from "./cut-text.ts";

/** How often a piece is made shorter by what was too much, before it is halved. */
const MAX_EXACT_TRIES = 4;
/** Longest fence; a text with longer runs of both marks is indented instead. */
const MAX_FENCE_LENGTH = 32;
/** How full a piece is at least that ends with a line. */
const MIN_FILL = 1 / 2;

/**
 * A text in pieces that show it as it was written, as code: for what would take too long to be laid out. Reading code costs
 * its lines alone. What fits is judged by the same count as everything else.
 */
export function piecesAsWritten(
  text: string,
  { limit, lengthOf }: { readonly limit: number; readonly lengthOf: (piece: string) => number },
): string[] {
  const fence = fenceFor(text);
  const asCode = (part: string) => (fence === null ? part.replace(/^/gm, "    ") : `${fence}\n${part}\n${fence}`);
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    let size = limit;
    let end = endOfPart(text, from, size);
    let length = lengthOf(asCode(text.slice(from, end)));
    for (let tries = 1; length > limit && size > 1; tries += 1) {
      size = Math.max(1, tries <= MAX_EXACT_TRIES ? end - from - (length - limit) : Math.floor(size / 2));
      end = endOfPart(text, from, size);
      length = lengthOf(asCode(text.slice(from, end)));
    }
    const part = text.slice(from, end);
    if (length > 0 && part.trim() !== "") pieces.push(asCode(part.replace(/\n$/, "")));
    from = end;
  }
  return pieces;
}

// Behind the last line that fits, or in the middle of one that is too long.
function endOfPart(text: string, from: number, size: number): number {
  if (from + size >= text.length) return text.length;
  const line = text.lastIndexOf("\n", from + size - 1) + 1;
  return line - from >= size * MIN_FILL ? line : Math.max(from + 1, graphemeBoundary(text, from, from + size));
}

function fenceFor(text: string): string | null {
  for (const mark of ["`", "~"]) {
    const length = longestRun(text, mark) + 1;
    if (length <= MAX_FENCE_LENGTH) return mark.repeat(Math.max(3, length));
  }
  return null;
}

function longestRun(text: string, mark: string): number {
  let longest = 0;
  let run = 0;
  for (const character of text) {
    run = character === mark ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

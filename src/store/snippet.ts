import { foldText } from "./fold-text.ts";

/** Longest snippet, in UTF-16 units. */
const SNIPPET_LENGTH = 200;
/** How much of it stands before the first word found. */
const LEAD_LENGTH = 60;

/** One line of `text` around the first of `words` that occurs in it, with an ellipsis where something was left out. */
export function snippetOf(text: string, words: readonly string[]): string {
  const line = text.normalize("NFC").replace(/\s+/gu, " ");
  if (line.length <= SNIPPET_LENGTH) return line;
  const folded = foldText(line);
  const places = words.map((word) => folded.indexOf(foldText(word.normalize("NFC")))).filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const from = Math.max(0, Math.min(first - LEAD_LENGTH, line.length - SNIPPET_LENGTH));
  const cut = line
    .slice(from, from + SNIPPET_LENGTH)
    .toWellFormed()
    .replaceAll("\ufffd", "");
  return `${from > 0 ? "…" : ""}${cut}${from + SNIPPET_LENGTH < line.length ? "…" : ""}`;
}

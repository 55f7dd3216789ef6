import { legacyTrim } from "./legacy-text.ts";

/** White space as Go's `unicode.IsSpace` has it. */
const goSpaces = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Tokens of a message in the Go session package: 1.3 a word, rounded down, and 4 more. It counted a line of Chinese as one word. */
export function legacyMessageTokens(text: string): number {
  const trimmed = legacyTrim(text);
  const words = trimmed === "" ? 0 : trimmed.split(goSpaces).length;
  return Math.floor((words * 13) / 10) + 4;
}

/** Tokens of a text in the lifecycle server: a quarter of its characters, at least 1. */
export function legacyTextTokens(text: string): number {
  return Math.max(1, Math.floor([...text].length / 4));
}

import { wordsOf } from "./words.ts";

/** What counts more than a word: figures, addresses, paths and names in code can't be guessed later. */
const exact = /\p{N}|https?:\/\/|\S\/\S|\w_\w|\p{Ll}\p{Lu}/u;
const EXACT_BONUS = 1.5;
/** A word of what was asked for counts as this many. */
const FOCUS_WEIGHT = 4;
/** Shorter words are articles and the like, but for those of CJK. */
const MIN_WORD_LENGTH = 4;

/**
 * How much each text stands out among the others, 0 and up: by words that come back without being everywhere, by exact
 * things, and by the words of `focus`. Deterministic, and linear in the length of the texts.
 */
export function salience(texts: readonly string[], focus: string): readonly number[] {
  const focused = wordsOf(focus);
  const words = texts.map((text) =>
    [...wordsOf(text)].filter((word) => word.length >= MIN_WORD_LENGTH || !isAscii(word)),
  );
  const occurrences = new Map<string, number>();
  for (const list of words) for (const word of list) occurrences.set(word, (occurrences.get(word) ?? 0) + 1);
  return words.map((list, index) => {
    const sum = list.reduce((total, word) => {
      const share = (occurrences.get(word) ?? 1) / texts.length;
      // Most is said by a word of about a fifth of the texts: one that is everywhere tells nothing, one said once little.
      const weight = Math.sqrt(share) * (1 - share);
      return total + weight * (focused.has(word) ? FOCUS_WEIGHT : 1);
    }, 0);
    return (sum / Math.sqrt(list.length + 1)) * (exact.test(texts[index] ?? "") ? EXACT_BONUS : 1);
  });
}

function isAscii(word: string): boolean {
  return word.charCodeAt(0) < 128;
}

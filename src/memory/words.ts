/** Words that are looked at in one text: a longer one has said what it is about by then. */
const MAX_WORDS = 400;
const runs = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that write no blanks between words; Hangul does. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The different words of a text in lower case; where none are marked, every two neighbouring characters. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const [run] of text.normalize("NFKC").toLowerCase().matchAll(runs)) {
    if (words.size >= MAX_WORDS) break;
    if (!unspaced.test(run)) words.add(run);
    else {
      const characters = [...run];
      if (characters.length === 1) words.add(run);
      for (let at = 0; at + 1 < characters.length && words.size < MAX_WORDS; at += 1) {
        words.add(`${characters[at]}${characters[at + 1]}`);
      }
    }
  }
  return words;
}

/**
 * Tells, for one of several sets of words by its index, how much each of the others has in common with it: above 0 up to 1 for
 * the same words (Jaccard). It looks only at those that share a word, so that asking for each of them stays cheap.
 */
export function likenesses(
  sets: readonly ReadonlySet<string>[],
): (index: number) => readonly (readonly [other: number, likeness: number])[] {
  const having = new Map<string, number[]>();
  for (const [index, words] of sets.entries()) {
    for (const word of words) {
      const known = having.get(word);
      if (known === undefined) having.set(word, [index]);
      else known.push(index);
    }
  }
  return (index) => {
    const own = sets[index] ?? new Set();
    const both = new Map<number, number>();
    for (const word of own) for (const other of having.get(word) ?? []) both.set(other, (both.get(other) ?? 0) + 1);
    both.delete(index);
    return [...both].map(([other, count]) => [other, count / (own.size + (sets[other]?.size ?? 0) - count)] as const);
  };
}

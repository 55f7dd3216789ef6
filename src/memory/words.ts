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

/** How much two sets of words have in common: 0 for nothing, 1 for the same (Jaccard). */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let both = 0;
  for (const word of small) if (large.has(word)) both += 1;
  const either = one.size + other.size - both;
  return either === 0 ? 0 : both / either;
}

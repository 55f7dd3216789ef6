/** Most words of a query that count; more would only narrow an empty result. */
const MAX_WORDS = 16;

/** The words of a query, as the index knows them; quotes and operators of the query language cannot occur in them. */
export function wordsOf(text: string): string[] {
  const words = spacedIdeographs(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return words.slice(0, MAX_WORDS);
}

/** Whether a text may hold one: told in one look for those that have none. */
const BEYOND_LATIN = /[^\0-\u02ff]/;
const IDEOGRAPH = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;

/** Chinese and Japanese are written without spaces: each character becomes a word, so that a part of a sentence is found. */
export function spacedIdeographs(text: string): string {
  return BEYOND_LATIN.test(text) ? text.replace(IDEOGRAPH, " $& ") : text;
}

const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aeiou";
/** Different words in all sample messages; the n-th occurs about 1/n as often as the first. */
const VOCABULARY_SIZE = 4_000;
const WORDS_A_MESSAGE = 8;

/** Stands at the beginning of every sample message. */
export const COMMON_WORD = "the";
/** The two most frequent of the other words: in about half and a third of the messages. */
export const FREQUENT_WORDS: readonly [string, string] = [wordOf(0), wordOf(1)];
/** Stands in one sample message of a few thousand. */
export const RARE_WORD = wordOf(VOCABULARY_SIZE - 2);

/** Random numbers from 0 to 1 that are the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Short messages of about 40 characters, as people write them in chats. */
export function sampleTexts(count: number, seed = 1): readonly string[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const words = [COMMON_WORD];
    while (words.length < WORDS_A_MESSAGE) words.push(wordOf(Math.floor(VOCABULARY_SIZE ** random()) - 1));
    return words.join(" ");
  });
}

function wordOf(place: number): string {
  const syllables = CONSONANTS.length * VOWELS.length;
  let word = "";
  for (let rest = place; ; rest = Math.floor(rest / syllables) - 1) {
    word += `${CONSONANTS[Math.floor((rest % syllables) / VOWELS.length)]}${VOWELS[rest % VOWELS.length]}`;
    if (rest < syllables) return word;
  }
}

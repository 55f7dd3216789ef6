/** Shortest run that is asked: a shorter one has too few changes to tell a word from dice. */
const MIN_LENGTH = 20;
/** Neighbours of different kinds (small, capital, digit), as a part of all neighbours: base62 has 0.62, names in code under 0.3. */
const MIN_CHANGES = 0.35;
/** Letters and digits without capitals change less: base36 has 0.40. */
const MIN_CHANGES_ONE_CASE = 0.3;
/** Shortest key in hexadecimal; a UUID's parts and short git hashes are shorter. */
const MIN_HEX_LENGTH = 32;
/** Shortest password that shows by itself: four kinds of characters, thoroughly mixed. */
const MIN_MIXED_LENGTH = 10;
const MIN_MIXED_CHANGES = 0.55;

const hex = /^(?:[0-9a-f]+|[0-9A-F]+)$/;

/** Whether a run of letters, digits and `+/_=-` looks drawn at random, as keys and tokens are. */
export function looksRandom(run: string): boolean {
  const { changes, small, capital, digits, signs } = mixOf(run);
  const length = small + capital + digits;
  if (length < MIN_LENGTH) return false;
  // Words joined by hyphens or slashes are no key, however long.
  if (signs > length / 8) return false;
  if (digits === 0) return small > 0 && capital > 0 && length >= 2 * MIN_LENGTH && changes >= MIN_CHANGES;
  return changes >= (small > 0 && capital > 0 ? MIN_CHANGES : MIN_CHANGES_ONE_CASE) && digits < length;
}

/** Whether a run is a key in hexadecimal, or the digest of something: they can't be told apart. */
export function isLongHex(run: string): boolean {
  return run.length >= MIN_HEX_LENGTH && hex.test(run) && /[a-f]/i.test(run) && /\d/.test(run);
}

/** Whether a word looks like a password that somebody's program made: small, capital, digit and sign in turns. */
export function looksLikePassword(word: string): boolean {
  const { changes, small, capital, digits, signs } = mixOf(word);
  return (
    word.length >= MIN_MIXED_LENGTH &&
    small > 0 &&
    capital > 0 &&
    digits > 0 &&
    signs > 0 &&
    changes >= MIN_MIXED_CHANGES
  );
}

interface Mix {
  /** 0 to 1. */
  readonly changes: number;
  readonly small: number;
  readonly capital: number;
  readonly digits: number;
  readonly signs: number;
}

function mixOf(run: string): Mix {
  const counts = { small: 0, capital: 0, digits: 0, signs: 0 };
  let changes = 0;
  let pairs = 0;
  let before: keyof typeof counts | null = null;
  for (const character of run) {
    const kind = kindOf(character);
    counts[kind] += 1;
    if (before !== null && kind !== "signs" && before !== "signs") {
      pairs += 1;
      if (kind !== before) changes += 1;
    }
    before = kind;
  }
  return { ...counts, changes: pairs === 0 ? 0 : changes / pairs };
}

function kindOf(character: string): "small" | "capital" | "digits" | "signs" {
  if (character >= "a" && character <= "z") return "small";
  if (character >= "A" && character <= "Z") return "capital";
  return character >= "0" && character <= "9" ? "digits" : "signs";
}

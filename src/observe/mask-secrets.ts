/** What stands in a log where a secret stood. */
export const MASK = "***";

/** Shorter values are no secrets, and masking them would blacken ordinary words all over the log; in UTF-16 units. */
const MIN_SECRET_LENGTH = 4;

/** Finds known secrets in a serialised record and hides them. */
export interface SecretMask {
  /** Whether a line of JSON holds a secret anywhere: a few substring searches, cheap enough for every line. */
  occursIn(json: string): boolean;
  /** The text with every secret, plain or percent-encoded (as in a URL), replaced by `***`. */
  hide(text: string): string;
}

/** A mask for `secrets`; empty and very short values are ignored. */
export function secretMask(secrets: readonly string[]): SecretMask {
  const known = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  // Longest first: where one secret contains another, no rest of the longer one may stay.
  const needles = [...new Set(known.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]))].sort(
    (a, b) => b.length - a.length,
  );
  const inJson = needles.map((needle) => JSON.stringify(needle).slice(1, -1));
  return {
    occursIn: (json) => inJson.some((needle) => json.includes(needle)),
    hide: (text) => needles.reduce((masked, needle) => masked.replaceAll(needle, MASK), text),
  };
}

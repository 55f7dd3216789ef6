const trimmedEnds =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

/** Go's `strings.TrimSpace`: unlike `trim()` it removes U+0085 and leaves U+FEFF. */
export function legacyTrim(text: string): string {
  return text.replace(trimmedEnds, "");
}

/** Go's `strings.ToLower`: one character for each, so that İ becomes i alone and Σ never the final ς. */
export function legacyLowerCase(text: string): string {
  return Array.from(text, (character) => (character === "\u0130" ? "i" : character.toLowerCase())).join("");
}

/** Go's `strings.Trim`: every one of these characters from both ends. */
export function legacyTrimSet(text: string, characters: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && characters.includes(text.charAt(from))) from += 1;
  while (to > from && characters.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** A pattern for these ASCII words in any case; Go's folding counts ſ as an s and K, the Kelvin sign, as a k. */
export function anyCase(words: string): string {
  return words.replace(/[a-z]/g, (letter) => {
    const more = letter === "s" ? "\u017f" : letter === "k" ? "\u212a" : "";
    return `[${letter}${letter.toUpperCase()}${more}]`;
  });
}

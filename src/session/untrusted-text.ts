/** Longest name, topic or title that reaches a prompt, in UTF-16 units: enough to recognise, too short to preach. */
export const MAX_UNTRUSTED_LENGTH = 240;

// JavaScript counts the invisible U+FEFF as white space, and U+0085, next line, as none.
const breaks = /(?:[^\S\ufeff]|\u0085)+/gu;
/**
 * What is never seen yet read by a machine, or changes how the rest is shown: control characters, lone surrogates, bidi
 * controls, invisible operators, tags and variation supplements. The joiners U+200C and U+200D stay: scripts and emoji need them.
 */
const unseen =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Other people's text as one clean line: every run of white space one space, nothing invisible, no white space at the ends. */
export function cleanText(text: string): string {
  return text.replace(breaks, " ").replace(unseen, "").replace(/ +/g, " ").trim();
}

/** The text within `maxLength` UTF-16 units, with `…` as the last one when something was cut; never half a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - 1);
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}

/** Other people's text as one clean line that is short enough to stand among words of ours. */
export function untrustedLine(text: string): string {
  return cutText(cleanText(text), MAX_UNTRUSTED_LENGTH);
}

/** Other people's text for a prompt: cleaned, cut and quoted as a JSON string, so that it can't end its own quotation. */
export function untrustedText(text: string): string {
  return JSON.stringify(untrustedLine(text));
}

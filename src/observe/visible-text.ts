// C0 and C1 controls, DEL, line and paragraph separators, and the marks that reorder what is shown.
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const shortForms: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text with every character that could move the cursor, colour, reorder or begin a line written out as an escape
 * (`\n`, `\u001b`): what other people wrote may then stand in one line of a terminal.
 */
export function visibleText(text: string): string {
  return text.replace(unsafe, (character) => shortForms[character] ?? unicodeEscape(character));
}

/** The same for a line of JSON, where it keeps its meaning: JSON itself escapes only the controls below U+0020. */
export function visibleJson(json: string): string {
  return json.replace(unsafe, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

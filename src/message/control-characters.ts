// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
const controls = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g;

/** The text without control characters and byte order marks, tabs and line breaks aside: they mean nothing in a chat, and some platforms refuse a text for them. */
export function withoutControls(text: string): string {
  return text.replace(controls, "");
}

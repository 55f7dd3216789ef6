import { cleanText } from "../session/untrusted-text.ts";

/** A bullet or a number of a list: only with white space behind it, so that "-5 degrees", "3.14" and "2024." stay. */
const listMark = /^(?:[-*+\u2013\u2022]\s+|\u2022|\d{1,3}[.)]\s+)+/;
/** The whole in quotes or backticks. */
const wrapping = /^(?:`+([^`]*)`+|"([^"]*)"|\u201c([^\u201d]*)\u201d)$/;
const strong = /\*\*(\S(?:[^*]*\S)?)\*\*/g;

/** A line as it is remembered: one clean line without list marks, bold type or quotes around the whole. */
export function memoryLine(raw: string): string {
  const bare = cleanText(raw.normalize("NFC")).replace(listMark, "").replace(strong, "$1");
  const [, code, straight, curly] = wrapping.exec(bare) ?? [];
  return (code ?? straight ?? curly ?? bare).trim();
}

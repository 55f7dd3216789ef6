import { cleanText, cutText } from "../session/untrusted-text.ts";

/** Every line of a block begins with it, so that nothing within can end the quotation. */
const MARK = "> ";
/** What ends a line somewhere: a quotation must not go on without its mark there. */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** What local models' chat templates are made of: some servers take it for the template itself, wherever it stands. */
const templateMarks = /<(?=\||\/?s>|<\/?SYS>)|\[(?=\/?INST\])/gi;

/** Other people's text as one JSON string on one line, at most `maxLength` UTF-16 units of it. */
export function quotedLine(text: string, maxLength: number): string {
  return JSON.stringify(cutText(tame(cleanText(text)), maxLength));
}

/** Other people's text as lines that each begin with `> `; blank lines and indentation are not kept. Empty for an empty text. */
export function quotedBlock(text: string): string {
  return text
    .split(lineEnds)
    .map((line) => tame(cleanText(line)))
    .filter((line) => line !== "")
    .map((line) => MARK + line)
    .join("\n");
}

function tame(text: string): string {
  return text.replace(templateMarks, "$& ");
}

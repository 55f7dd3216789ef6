import { cleanText, cutText } from "./untrusted-text.ts";

/** Longest title an agent may give, in UTF-16 units: six long words, and a line in a list. */
const MAX_LENGTH = 80;
/** The part of an answer that is looked at, in UTF-16 units: thoughts that some models write before it included. */
const LOOKED_AT = 8_000;

/** What some models write before their answer, with an end or without. */
const thoughts = /<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/giu;
const tags = /<[^<>]*>/gu;
const links = /!?\[([^\]]*)\]\([^)]*\)/gu;
/** Marks of Markdown and HTML. An underscore is one only at the edge of a word. */
const marks = /[*`~<>\\|[\]]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu;
const beginning = /^(?:[\s#>-]|title\s*[:：]|["'“”„«»‘’「」『』])+/iu;
const end = /(?:[\s.。]|["'“”„«»‘’「」『』])+$/u;

/**
 * The title in an agent's answer to `titleInstructions`: one clean line without markup, cut at 80 UTF-16 units; null when the
 * answer has no words. Nothing an agent says is trusted: it has read what people wrote.
 */
export function suggestedTitle(answer: string): string | null {
  const said = answer.slice(0, LOOKED_AT).replace(thoughts, "");
  for (const line of said.split(/[\r\n\u0085\u2028\u2029]+/u)) {
    const words = cleanText(line.replace(tags, " ").replace(links, "$1").replace(marks, ""));
    const title = words.replace(beginning, "").replace(end, "");
    if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(title)) return cutText(title, MAX_LENGTH);
  }
  return null;
}

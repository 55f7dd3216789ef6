import { cleanText, cutText } from "./untrusted-text.ts";

/** Longest title made from a text, in UTF-16 units: a line on a phone. */
const MAX_LENGTH = 60;
/** The part of a text that is looked at, in UTF-16 units: whole sentences of that length are cut anyway. */
const LOOKED_AT = 500;
/** What begins a line of Markdown without being part of its words. */
const LINE_MARK = /^(?:[\s#>*_~`|-]|\d{1,3}[.)]\s)+/u;

/** A sentence with its end. Points inside words (addresses, numbers) end none, which is why `Intl.Segmenter` is not asked. */
const SENTENCE = /^.*?(?:[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]+)/u;

/**
 * The title of a conversation that nobody named: the first sentence of what a person said first, cleaned and cut; null when it has
 * no words. Whoever lists sessions shows it where `title` is null.
 */
export function derivedTitle(firstWords: string): string | null {
  const lines = firstWords.slice(0, LOOKED_AT).split(/[\r\n\u0085\u2028\u2029]+/u);
  for (const line of lines) {
    const words = cleanText(line.replace(LINE_MARK, ""));
    if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(words)) continue;
    const sentence = (SENTENCE.exec(words)?.[0] ?? words).replace(/(?<![.。])[.。]$/u, "");
    return cutText(sentence, MAX_LENGTH);
  }
  return null;
}

/** Han, kana, Hangul and bopomofo, with their punctuation and full-width forms: tokenisers spend most of a token on each. */
const cjk =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/gu;
const CJK_PER_TOKEN = 1.5;
const OTHERS_PER_TOKEN = 4;
/** What a provider adds for a message's role and borders. */
export const MESSAGE_TOKENS = 4;

/** Tokens of a text that is part of a message, estimated: CJK characters / 1.5 and UTF-16 units of others / 4, rounded up. */
export function textTokens(text: string): number {
  let cjkUnits = 0;
  let cjkCount = 0;
  if (isBeyondLatin.test(text)) {
    for (const [character] of text.matchAll(cjk)) {
      cjkCount += 1;
      cjkUnits += character.length;
    }
  }
  return Math.ceil(cjkCount / CJK_PER_TOKEN + (text.length - cjkUnits) / OTHERS_PER_TOKEN);
}

/** Most texts have no such character, and one look is cheaper than a search by script. */
const isBeyondLatin = /[\u1100-\uffff]/;

/** Tokens of a message of its own: its text and 4 more. */
export function messageTokens(text: string): number {
  return textTokens(text) + MESSAGE_TOKENS;
}

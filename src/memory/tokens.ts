const CJK_PER_TOKEN = 1.5;
const OTHERS_PER_TOKEN = 4;
/** What a provider adds for a message's role and borders. */
export const MESSAGE_TOKENS = 4;

/** Most texts have nothing of the kind, and one look is cheaper than a walk. */
const mayHoldCjk = /[\u1100-\u11ff\u2e80-\uffef]/;

/** Tokens of a text that is part of a message, estimated: CJK characters / 1.5 and UTF-16 units of others / 4, rounded up. */
export function textTokens(text: string): number {
  if (!mayHoldCjk.test(text)) return Math.ceil(text.length / OTHERS_PER_TOKEN);
  let cjk = 0;
  let others = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isCjk(unit)) cjk += 1;
    else if (!isCjkTrail(text, at, unit)) others += 1;
  }
  return Math.ceil(cjk / CJK_PER_TOKEN + others / OTHERS_PER_TOKEN);
}

/** Tokens of a message of its own: its text and 4 more. */
export function messageTokens(text: string): number {
  return textTokens(text) + MESSAGE_TOKENS;
}

/** The longest beginning of a text that has at most so many tokens; never half a surrogate pair. */
export function cutToTokens(text: string, tokens: number): string {
  if (tokens <= 0) return "";
  let cjk = 0;
  let others = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isCjk(unit)) cjk += 1;
    else if (!isCjkTrail(text, at, unit)) others += 1;
    if (Math.ceil(cjk / CJK_PER_TOKEN + others / OTHERS_PER_TOKEN) > tokens) {
      const kept = text.slice(0, at);
      return isHighSurrogate(kept.charCodeAt(at - 1)) ? kept.slice(0, -1) : kept;
    }
  }
  return text;
}

/** Han, kana, Hangul and bopomofo with their punctuation and full-width forms; beyond the first plane the pair's first half. */
function isCjk(unit: number): boolean {
  if (unit < 0x2e80) return unit >= 0x1100 && unit <= 0x11ff;
  return (
    unit <= 0x9fff ||
    (unit >= 0xa960 && unit <= 0xa97f) ||
    (unit >= 0xac00 && unit <= 0xd7ff) ||
    (unit >= 0xd840 && unit <= 0xd8bf) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xff00 && unit <= 0xffef)
  );
}

/** The second half of a pair whose first half was counted. */
function isCjkTrail(text: string, at: number, unit: number): boolean {
  if (unit < 0xdc00 || unit > 0xdfff) return false;
  const lead = text.charCodeAt(at - 1);
  return lead >= 0xd840 && lead <= 0xd8bf;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

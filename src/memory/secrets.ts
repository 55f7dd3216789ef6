import { isCardNumber } from "./card-number.ts";
import { passwordsNearby } from "./passwords-nearby.ts";
import { isLongHex, looksLikePassword, looksRandom } from "./random-text.ts";
import { secretShapes } from "./secret-shapes.ts";
import { spokenSecrets } from "./spoken-secrets.ts";

/** What stands where a secret stood. */
export const HIDDEN = "[secret]";

/** A secret in a text: offsets in UTF-16 units. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What can stand unseen within a secret; a line break may not. */
const unseen = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/gu;
const digitRuns = /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])/g;
const keyRuns = /[A-Za-z0-9+/_=-]{20,}/g;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const mixedWords = /(?<=^|[\s"'`(:])[^\s"'`()=:/@]{10,64}(?=$|[\s"'`)])/g;
const hexRun = /^[0-9a-f]+$/i;
/** What people call the digest that stands behind it; those are no secrets. */
const digestWord =
  /(?:commit|sha|sha-?1|sha-?256|sha-?512|md5|hash|rev|revision|digest|checksum|merge|tree|blob|tag|head|git|at)\W{0,4}$/i;
const DIGEST_WORD_WITHIN = 16;

/** Whether a text holds what looks like a secret: a key, a token, a password that was told, a card's number. It rather says so once too often. */
export function holdsSecret(text: string): boolean {
  return secretSpans(seen(text)).length > 0;
}

/** The text with `[secret]` in the place of each; the very same text where there is none. */
export function hideSecrets(text: string): string {
  const plain = seen(text);
  const spans = secretSpans(plain).toSorted((one, other) => one.from - other.from);
  if (spans.length === 0) return text;
  let hidden = "";
  let reached = 0;
  for (const { from, to } of spans) {
    if (from >= reached) hidden += `${plain.slice(reached, from)}${HIDDEN}`;
    reached = Math.max(reached, to);
  }
  return hidden + plain.slice(reached);
}

/** As a reader, or a program that is given it, would see it: full-width forms are letters, and nothing invisible parts them. */
function seen(text: string): string {
  return text.normalize("NFKC").replace(unseen, "");
}

function secretSpans(text: string): readonly Span[] {
  const spans: Span[] = [...spokenSecrets(text), ...passwordsNearby(text)];
  const add = (match: RegExpExecArray) => spans.push({ from: match.index, to: match.index + match[0].length });
  for (const [, shape] of secretShapes) for (const match of text.matchAll(shape)) add(match);
  for (const match of text.matchAll(digitRuns)) if (isCardNumber(match[0])) add(match);
  for (const match of text.matchAll(mixedWords)) if (looksLikePassword(match[0])) add(match);
  // Of the same length, so that the offsets stay.
  const withoutUuids = text.replace(uuid, (match) => " ".repeat(match.length));
  for (const match of withoutUuids.matchAll(keyRuns)) {
    if (isDrawn(match[0], withoutUuids.slice(Math.max(0, match.index - DIGEST_WORD_WITHIN), match.index))) add(match);
  }
  return spans;
}

function isDrawn(run: string, before: string): boolean {
  const parts = run.split("/");
  // A key in base64 may have slashes in it; a path may have a digest in it, which is asked by itself.
  if (looksRandom(bareOf(parts.filter((part) => !hexRun.test(part)).join("/")))) return true;
  let passed = before;
  return parts.some((part) => {
    const bare = bareOf(part);
    const isSecret = hexRun.test(bare) ? isLongHex(bare) && !digestWord.test(passed) : looksRandom(bare);
    passed = `${part}/`;
    return isSecret;
  });
}

function bareOf(run: string): string {
  return run.replace(/^[=_-]+|[=_-]+$/g, "");
}

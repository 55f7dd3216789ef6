import { piecesAsWritten } from "./as-written.ts";
import { withoutControls } from "./control-characters.ts";
import type { Cut } from "./cut.ts";
import { graphemeBoundary } from "./cut-text.ts";
import { findCut } from "./find-cut.ts";
import { markdownWork } from "./markdown-work.ts";
import { isPlainMarkdown } from "./plain-markdown.ts";
import { resumedText } from "./resume-text.ts";

/** How much of a text one post takes. */
export interface SplitOptions {
  /** Most that `lengthOf` may say of a piece; at least 1. */
  readonly limit: number;
  /**
   * How long a piece of markdown is after formatting, in the platform's own count; 0 when it has nothing to show. A text
   * without tables grows no more than `MAX_GROWTH` times, a plain one not at all.
   */
  lengthOf(piece: string): number;
}

/** How much longer formatting may make a text without tables: escapes double it, indentation and numbers do the rest. */
export const MAX_GROWTH = 8;

/** How much longer than the limit a text can be and still be looked at as a whole: addresses of links don't count everywhere. */
const MAX_SHRINK = 4;

/** The same for what is left of a text that was cut. */
const MAX_LAST_SHRINK = 2;

/** How often a cut is tried again with more or less text, before the text is cut where it must be. */
const MAX_TRIES = 12;

/**
 * Most work (`markdownWork`) that laying one text out may take, cuts that are tried again included: some 0.3 s of a core, in which
 * nothing else is done. The longest answers of people and models take half of it; what is so dense for so long was made to be, or
 * is a table that nobody reads in a chat.
 */
export const MAX_WORK = 20_000;
/** From here on nothing is tried again only to fill a post better. */
const THRIFTY = MAX_WORK / 2;
/** The same for a look at a text that is longer than the limit, whether it fits after all. */
const MAX_LOOK = 3_000;

/**
 * Cuts a text into pieces of markdown that each fit a post, in order: at the borders of blocks, else of items, rows and
 * lines, else of sentences, words and graphemes. A text that fits is its only piece, as it is; one that shows nothing has
 * none. What is decided depends on no text further on than a post's length, so the pieces before the last stay as they are
 * while the text grows. What is too much work to lay out (`MAX_WORK`) is shown as it was written from there on.
 */
export function splitMarkdown(markdown: string, options: SplitOptions): string[] {
  if (markdown.trim() === "") return [];
  const whole = fittingLength(markdown, options, MAX_SHRINK);
  if (whole !== null) return whole > 0 ? [markdown] : [];
  const pieces: string[] = [];
  const metered: Metered = { ...options, left: MAX_WORK };
  let rest = withoutBlankLines(withoutControls(markdown));
  while (rest !== "") {
    const length = fittingLength(rest, options, MAX_LAST_SHRINK);
    const off = length === null ? cutOff(rest, metered) : { piece: rest, rest: "", length };
    if (off === null) return [...pieces, ...piecesAsWritten(rest, options)];
    if (off.length > 0) pieces.push(off.piece);
    rest = withoutBlankLines(off.rest);
  }
  return pieces;
}

/** With how much work is left. */
interface Metered extends SplitOptions {
  left: number;
}

function withoutBlankLines(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").replace(/^\s+$/, "");
}

// How long a text is that fits; null when it doesn't. The usual answer is short or plain, and not parsed for this.
function fittingLength(text: string, { limit, lengthOf }: SplitOptions, shrink: number): number | null {
  if (text.length > limit * shrink) return null;
  if (text.length <= limit && isPlainMarkdown(text)) return text.length;
  const isShort = text.length * MAX_GROWTH <= limit && !text.includes("|");
  if (isShort || text.length > limit) {
    const least = leastLength(text);
    if (isShort && least > 0) return least;
    if (least > limit) return null;
    if (text.length > limit && markdownWork(text) > MAX_LOOK) return null;
  }
  const length = lengthOf(text);
  return length <= limit ? length : null;
}

// All but letters, and of those what may never be seen: addresses of links, the first lines of code, definitions, character references.
// For `^` a line begins after each of four characters: what reads on over one of them would begin again at each, and take hours.
const perhapsUnseen =
  /\]\([^)\s]*|^[^\p{L}\n\r\u2028\u2029]*(?:`{3,}|~{3,}).*$|^[ \t>]*\[[^\]\n\r\u2028\u2029]+\]:.*$|&#?\w{1,32};|<br\s*\/?>|[^\p{L}]/gimu;

// What is surely shown of a text, without parsing it.
function leastLength(text: string): number {
  return text.replace(perhapsUnseen, "").length;
}

/** The beginning of a text, as a piece, and what is left. */
interface Halves {
  readonly piece: string;
  readonly rest: string;
  readonly length: number;
}

/** The beginning of a text that fits; null when finding it takes more work than is left. */
function cutOff(rest: string, options: Metered): Halves | null {
  const { limit } = options;
  let size = Math.min(limit, rest.length - 1);
  for (let tries = 0; tries < MAX_TRIES && size > 0; tries += 1) {
    const attempt = tryCut(rest, size, options);
    if (attempt === null) return null;
    const mayTry = tries === 0 && options.left > THRIFTY;
    if (attempt.halves !== null) return (mayTry ? longerCut(rest, attempt, options) : null) ?? attempt.halves;
    size =
      options.left > THRIFTY ? shorterSize(size, attempt.length - limit, tries) : thriftySize(size, attempt, limit);
  }
  return options.left > 0 ? cutAnywhere(rest, options) : null;
}

// A fence's end is a few characters too many; tables and escapes make all of it longer.
function shorterSize(size: number, tooMany: number, tries: number): number {
  return tries < MAX_EXACT_TRIES ? size - Math.min(Math.max(1, tooMany), Math.ceil(size / 4)) : Math.floor(size / 2);
}

// As if all of it grew alike; a cut that gained nothing is tried further back.
function thriftySize(size: number, { length }: Attempt, limit: number): number {
  return Math.floor(size * Math.min(MOST_KEPT, (MOST_KEPT * limit) / Math.max(1, length)));
}

/** How much of a size is kept at most when it is tried again in haste. */
const MOST_KEPT = 15 / 16;

/** How often a cut that is too long gets shorter by what was too much, before it is halved. */
const MAX_EXACT_TRIES = 4;

interface Attempt {
  /** Null when the first half doesn't fit, or nothing is gained. */
  readonly halves: Halves | null;
  readonly cut: Cut;
  /** Of the first half. */
  readonly length: number;
}

const fenceAlone = /^\s*`{3,}[^`\n]*$/;

/** The text cut within its first `size` UTF-16 units; null when that takes more work than is left. */
function tryCut(rest: string, size: number, options: Metered): Attempt | null {
  const { limit, lengthOf } = options;
  // It is read for the cut, and the half again for its length.
  const work = 2 * markdownWork(rest.slice(0, size));
  if (work > options.left) return null;
  options.left -= work;
  const cut = findCut(rest, Math.max(1, Math.min(size, rest.length - 1)));
  const half = rest.slice(0, cut.at).trimEnd() + cut.closing;
  // Half of a line that began with backticks would be the unseen first line of code.
  const piece = cut.spares === "nothing" && fenceAlone.test(half) ? `\\${half.trimStart()}` : half;
  const length = lengthOf(piece);
  const next = length <= limit ? resumedText(rest, cut) : rest;
  return { halves: next.length < rest.length ? { piece, rest: next, length } : null, cut, length };
}

/** The same with more text, where a link must not be cut or long addresses leave much of the post empty; null when that is no better. */
function longerCut(rest: string, { cut, halves, length }: Attempt, options: Metered): Halves | null {
  const { limit } = options;
  if (cut.spares === "nothing") {
    for (let size = limit * 2; size <= limit * MAX_SHRINK; size *= 2) {
      const attempt = tryShorter(rest, size, options);
      if (attempt !== null && attempt.halves !== null && attempt.cut.spares !== "nothing") return attempt.halves;
    }
    return null;
  }
  const hidden = (halves?.piece.length ?? 0) - length;
  return hidden > limit * MIN_HIDDEN ? (tryShorter(rest, limit + hidden, options)?.halves ?? null) : null;
}

// Cut within so much text, or where that is too long, within less by what was too much.
function tryShorter(rest: string, startSize: number, options: Metered): Attempt | null {
  let size = Math.min(startSize, rest.length - 1);
  let attempt = tryCut(rest, size, options);
  for (let tries = 1; tries < MAX_EXACT_TRIES && attempt !== null && attempt.length > options.limit; tries += 1) {
    size = Math.max(1, size - (attempt.length - options.limit) * tries);
    attempt = tryCut(rest, size, options);
  }
  return attempt;
}

/** How much of a post must be missing, because the reader doesn't see the addresses of links, for a second try to pay. */
const MIN_HIDDEN = 1 / 4;

// For what no rule above can cut: one mark that formatting makes longer than a post, a pile of accents.
function cutAnywhere(rest: string, { limit, lengthOf }: SplitOptions): Halves {
  let at = graphemeBoundary(rest, 0, Math.min(limit, rest.length - 1));
  let length = lengthOf(rest.slice(0, at));
  while (at > 1 && length > limit) {
    at = Math.floor(at / 2);
    length = lengthOf(rest.slice(0, at));
  }
  return { piece: rest.slice(0, at), rest: rest.slice(at), length };
}

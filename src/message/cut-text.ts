import type { Nodes } from "mdast";
import type { Spared } from "./cut.ts";
import { endOf, startOf } from "./markdown.ts";

/** A place within a paragraph. */
export interface TextCut {
  readonly at: number;
  readonly spares: Spared;
}

/** What must not be cut: from the first place that may not be one to the first that may be again. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Earliest place for a cut between lines and sentences, and between words, as a part of what would fit. */
const MIN_SENTENCE_FILL = 1 / 2;
const MIN_WORD_FILL = 1 / 4;

/**
 * How far back graphemes are counted from, in UTF-16 units: two flags in a row can only be told apart from where they begin.
 * A family of emoji has up to 25 units, a pile of accents has no end.
 */
const MAX_GRAPHEME_LENGTH = 512;

const sentenceEnd = /(?:[.!?\u2026]["')\]\u00bb\u201d\u2019*_]*(?=\s)|[\u3002\uff01\uff1f])/g;
const white = /\s+/g;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The best place to end a paragraph that goes beyond `end`, later than `start`: between lines, else sentences, else words,
 * and never in a link, inline code or emphasis where that can be avoided.
 */
export function cutText(markdown: string, start: number, end: number, block: Nodes | null): TextCut {
  const text = markdown.slice(start, end);
  const spans = block === null ? [] : spansOf(block, markdown, end, start + (end - start) * MIN_WORD_FILL);
  const isFree = (at: number) => !spans.some(({ from, to }) => at > from && at < to) && !opensBlock(markdown, at);
  const last = (
    pattern: RegExp,
    fill: number,
    offsetOf: (match: RegExpExecArray) => number,
    isAllowed: (at: number) => boolean = isFree,
  ): number | null => {
    let best: number | null = null;
    for (const match of text.matchAll(pattern)) {
      const at = start + offsetOf(match);
      if (at > start && at >= start + fill * text.length && isAllowed(at)) best = at;
    }
    return best;
  };
  const line = last(/\n/g, MIN_SENTENCE_FILL, ({ index }) => index);
  if (line !== null) return { at: line, spares: "blocks" };
  const sentence = last(sentenceEnd, MIN_SENTENCE_FILL, ({ index, 0: match }) => index + match.length);
  if (sentence !== null) return { at: sentence, spares: "words" };
  const isWordEnd = /\s/.test(markdown[end] ?? "") && isFree(end);
  const word = isWordEnd ? end : last(white, MIN_WORD_FILL, ({ index }) => index);
  if (word !== null) return { at: word, spares: "words" };
  const beforeSpan = Math.max(start, ...spans.map(({ from }) => from).filter((from) => from < end && isFree(from)));
  if (beforeSpan > start) return { at: beforeSpan, spares: "words" };
  const at = graphemeBoundary(markdown, start, end);
  const anyWord = last(
    white,
    MIN_WORD_FILL,
    ({ index }) => index,
    () => true,
  );
  return { at: anyWord ?? at, spares: isFree(anyWord ?? at) ? "graphemes" : "nothing" };
}

/** The last place up to `end` that is within no grapheme, escape or character reference; later than `start`. */
export function graphemeBoundary(markdown: string, start: number, end: number): number {
  if (end >= markdown.length) return markdown.length;
  let from = end;
  // A letter of ASCII joins nothing before it.
  while (from > start && end - from < MAX_GRAPHEME_LENGTH && !isAscii(markdown, from)) from -= 1;
  if (isLowSurrogate(markdown, from)) from += 1;
  let best = start;
  for (const { index } of graphemes.segment(markdown.slice(from, end + MAX_GRAPHEME_LENGTH))) {
    if (from + index > end) break;
    if (from + index > start && !isWithinEscape(markdown, start, from + index)) best = from + index;
  }
  if (best > start) return best;
  const next = isLowSurrogate(markdown, end) ? end - 1 : end;
  return next > start ? next : Math.min(markdown.length, start + (isLowSurrogate(markdown, start + 1) ? 2 : 1));
}

function isAscii(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit > 0x20 && unit < 0x7f;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Longest character reference, in UTF-16 units: `&CounterClockwiseContourIntegral;`. */
const MAX_REFERENCE_LENGTH = 33;

function isWithinEscape(markdown: string, start: number, at: number): boolean {
  if (markdown[at - 1] === "\\" || markdown[at - 1] === "\r") return true;
  const before = markdown.slice(Math.max(start, at - MAX_REFERENCE_LENGTH), at);
  const opened = /&#?\w*$/.exec(before);
  return opened !== null && /^#?\w*;/.test(markdown.slice(at, at + MAX_REFERENCE_LENGTH));
}

const blockOpener = /^\s+(?:[-+*](?:\s|$)|#{1,6}(?:\s|$)|>|`{3}|~{3}|\d{1,9}[.)](?:\s|$)|\||\[[^\]\n]*\]:)/;

/** True when what follows would mean something else at the beginning of a text than it does here. */
function opensBlock(markdown: string, at: number): boolean {
  return blockOpener.test(markdown.slice(at, at + MAX_REFERENCE_LENGTH));
}

const keptWhole = new Set([
  "link",
  "linkReference",
  "image",
  "imageReference",
  "inlineCode",
  "html",
  "footnoteReference",
  "strong",
  "emphasis",
  "delete",
]);

function spansOf(block: Nodes, markdown: string, end: number, minOpener: number): Span[] {
  const spans: Span[] = [];
  // An address at the very end may be longer than what is seen of it.
  const goesOn = (at: number) => at === end && /\S/.test(markdown[at] ?? "");
  const visit = (node: Nodes): void => {
    if (keptWhole.has(node.type)) spans.push({ from: startOf(node), to: endOf(node) + (goesOn(endOf(node)) ? 1 : 0) });
    else if (node.type === "text") {
      const opener = openerIn(
        markdown.slice(startOf(node), endOf(node)),
        Math.max(0, Math.ceil(minOpener - startOf(node))),
      );
      if (opener !== null) spans.push({ from: startOf(node) + opener, to: end + 1 });
    } else if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(block);
  const open = openLink.exec(markdown.slice(startOf(block), end));
  if (open !== null) spans.push({ from: startOf(block) + open.index, to: end + 1 });
  return spans;
}

// A link whose address goes on.
const openLink = /!?\[[^[\]]*\](?:\([^()\s]*)?$/;

// What may be the beginning of a link, of code or of emphasis whose end lies beyond: `[label](http…`, "`code", `**bold`.
const opener = /(?:!?\[(?![^\]]*\](?!\(|$))|`+|<(?=[a-z/!][^>]*$)|(?<![^\s([{"'])(?:\*{1,3}|_{1,3}|~~)(?=\S))/gi;

function openerIn(source: string, from: number): number | null {
  opener.lastIndex = from;
  return opener.exec(source)?.index ?? null;
}

/** What takes the parser time that grows with the square of its number, and from how many on it is left as text. */
interface Bound {
  readonly limit: number;
  readonly count: (source: string) => number;
  /** Names of micromark's constructs. */
  readonly constructs: readonly string[];
}

/** Marks that begin or end emphasis: unpaired ones are each compared with all before. */
const EMPHASIS: Bound = {
  limit: 2_000,
  count: (source) => occurrences(source, /[*_~]/g),
  constructs: ["attention", "strikethrough"],
};

/** Brackets that close: each looks back through everything for the one that opened. A text of a person has a few links. */
const LABELS: Bound = {
  limit: 1_000,
  count: (source) => occurrences(source, /\]/g),
  constructs: ["labelEnd", "labelStartLink", "labelStartImage", "gfmFootnoteCall", "gfmPotentialFootnoteCall"],
};

/** Lines of `=` or `-` below a heading. */
const UNDERLINES: Bound = {
  limit: 500,
  count: (source) => occurrences(source, /^[ \t]*(?:=+|-+)[ \t]*$/gm),
  constructs: ["setextUnderline"],
};

/** Quotes and lists that all lines open together, indentation taken for what it may go on with. */
const CONTAINERS: Bound = { limit: 2_000, count: containers, constructs: ["blockQuote", "list"] };

/** Most quotes and lists that one line may open: a tree is walked recursively, and no person reads such a line. */
const MAX_ON_ONE_LINE = 32;
const tooManyOnOneLine = new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${MAX_ON_ONE_LINE}}`, "m");

/** After an open bracket every word looks back to it for whether it may be an address: from this length on addresses stay text. */
const MAX_LENGTH_WITH_ADDRESSES = 16_000;

/** The constructs that a text has too much of to be parsed in reasonable time: they are then shown as they are written. */
export function constructsToDrop(source: string): readonly string[] {
  const dropped = [EMPHASIS, LABELS, UNDERLINES, CONTAINERS].flatMap(({ limit, count, constructs }) =>
    count(source) > limit ? constructs : [],
  );
  return tooManyOnOneLine.test(source) ? [...new Set([...dropped, ...CONTAINERS.constructs])] : dropped;
}

/** Whether addresses that stand in the text without markup are looked for. */
export function hasAddresses(source: string): boolean {
  return source.length <= MAX_LENGTH_WITH_ADDRESSES || !source.includes("[");
}

function containers(source: string): number {
  let count = 0;
  for (const [opening] of source.matchAll(/^(?:[ \t]|>|[-+*](?=[ \t\n])|\d{1,9}[.)](?=[ \t\n]))+/gm)) {
    const spaces = occurrences(opening, /[ \t]/g);
    // Two spaces may go on with one list; the space behind a mark belongs to it.
    const marks = occurrences(opening, />|[-+*]|\d+[.)]/g);
    count += marks + Math.max(0, Math.floor((spaces - marks) / 2));
  }
  return count;
}

function occurrences(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) count += 1;
  return count;
}

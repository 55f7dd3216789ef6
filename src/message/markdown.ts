import type { Nodes, Root } from "mdast";
import { fromMarkdown, type Options } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/**
 * Longest text that is parsed, in UTF-16 units: several times what any platform takes in one post. The parser's time grows
 * faster than the text (a paragraph of a megabyte takes a minute), and everything else waits for it.
 */
export const MAX_PARSED_LENGTH = 64 * 1024;

/**
 * Most emphasis marks (`*`, `_`, `~`) in one text that are paired: unpaired ones take time that grows with the square of their
 * number. In a text with more they are shown as they are.
 */
const MAX_EMPHASIS_MARKS = 2000;

/** Most quotes and lists that one line may open: a tree is walked recursively, and no person reads such a line. */
const MAX_CONTAINERS = 32;

const tooManyContainers = new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${MAX_CONTAINERS}}`, "m");

const syntax = gfm({ singleTilde: false });
const trees = gfmFromMarkdown();

function optionsWithout(constructs: string[]): Options {
  return { extensions: [syntax, { disable: { null: constructs } }], mdastExtensions: [trees] };
}

const everything = optionsWithout([]);

/**
 * The tree of a text of GitHub-flavoured markdown, with positions that are offsets into it. A text that is too long to be
 * parsed is one paragraph; marks that would take too long to pair are text.
 */
export function parseMarkdown(markdown: string): Root {
  const source = markdown.toWellFormed();
  if (source.length > MAX_PARSED_LENGTH) return unparsed(source);
  const dropped = [
    ...(emphasisMarks(source) > MAX_EMPHASIS_MARKS ? ["attention", "strikethrough"] : []),
    ...(tooManyContainers.test(source) ? ["blockQuote", "list"] : []),
  ];
  return fromMarkdown(source, dropped.length === 0 ? everything : optionsWithout(dropped));
}

/** Where a node begins in the text it was parsed from. */
export function startOf(node: Nodes): number {
  return node.position?.start.offset ?? 0;
}

/** Where a node ends in the text it was parsed from. */
export function endOf(node: Nodes): number {
  return node.position?.end.offset ?? 0;
}

function unparsed(value: string): Root {
  const position = {
    start: { line: 1, column: 1, offset: 0 },
    end: { line: 1, column: 1, offset: value.length },
  };
  return {
    type: "root",
    children: [{ type: "paragraph", children: [{ type: "text", value, position }], position }],
    position,
  };
}

function emphasisMarks(source: string): number {
  let count = 0;
  for (let index = 0; index < source.length; index += 1) {
    const unit = source.charCodeAt(index);
    if (unit === 0x2a || unit === 0x5f || unit === 0x7e) count += 1;
  }
  return count;
}

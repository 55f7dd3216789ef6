import type { Nodes, Root } from "mdast";
import { fromMarkdown, type Options } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { constructsToDrop, hasAddresses } from "./costly-markdown.ts";
import { markdownWork } from "./markdown-work.ts";

/**
 * Longest text that is parsed, in UTF-16 units: several times what any platform takes in one post. The parser's time grows
 * faster than the text (a paragraph of a megabyte takes a minute), and everything else waits for it.
 */
export const MAX_PARSED_LENGTH = 64 * 1024;
/**
 * Most marks that may mean something (`markdownWork`) in a text that is parsed: each that does splits what is around it, and the parser
 * moves all that follows for it. 40,000 characters of a usual kind have half as many; 64 KB of nothing else took four seconds.
 */
export const MAX_PARSED_WORK = 12_000;

const syntax = gfm({ singleTilde: false });
const [addresses, ...otherTrees] = gfmFromMarkdown();
// Its second look through the finished tree makes nodes that have no place in the source, and whoever edits the source by its
// nodes would edit its beginning instead.
const addressTrees = { ...addresses, transforms: [] };

/** Addresses without markup: found by these constructs. */
const ADDRESSES = ["wwwAutolink", "protocolAutolink", "emailAutolink"];

function optionsFor(dropped: readonly string[], withAddresses: boolean): Options {
  const disabled = withAddresses ? dropped : [...dropped, ...ADDRESSES];
  return {
    extensions: disabled.length === 0 ? [syntax] : [syntax, { disable: { null: [...disabled] } }],
    mdastExtensions: withAddresses ? [addressTrees, ...otherTrees] : otherTrees,
  };
}

/**
 * The tree of a text of GitHub-flavoured markdown, with positions that are offsets into it. A text that is too long, or has
 * too many marks, to be parsed is one paragraph; what a text has too much of stays text.
 */
export function parseMarkdown(markdown: string): Root {
  const source = markdown.toWellFormed();
  if (source.length > MAX_PARSED_LENGTH || markdownWork(source) > MAX_PARSED_WORK) return unparsed(source);
  return fromMarkdown(source, optionsFor(constructsToDrop(source), hasAddresses(source)));
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

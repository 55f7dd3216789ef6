import type { Cut } from "./cut.ts";
import { startOf } from "./markdown.ts";

/** A list the cut goes through, whose next item may need its number written out. */
interface OpenList {
  readonly indent: number;
  readonly nextNumber: number;
}

/**
 * What is left behind a cut, as a text of its own. The list items it was in are gone, so their indentation goes too, as far
 * as it reaches: without it the rest of a nested list would be code. Numbered lists go on counting.
 */
export function resumedText(markdown: string, cut: Cut): string {
  const rest = markdown.slice(cut.resumeAt);
  const quotes = outerQuotes(cut);
  const itemNodes = cut.path.slice(quotes);
  const innerQuote = itemNodes.findIndex(({ node }) => node.type === "blockquote");
  const items = innerQuote === -1 ? itemNodes : itemNodes.slice(0, innerQuote);
  const innermost = items.at(-1);
  if (innermost === undefined) return cut.opening + rest;
  let indent = contentIndent(markdown, innermost.node, quotes);
  const lists: OpenList[] = items.flatMap(({ node, nextNumber }) =>
    nextNumber === null ? [] : [{ indent: markerIndent(markdown, node, quotes), nextNumber }],
  );
  let at = cut.startsLine ? 0 : endOfLine(rest, 0);
  let kept = rest.slice(0, at);
  while (at < rest.length && (indent > 0 || lists.length > 0)) {
    const lineEnd = endOfLine(rest, at);
    const line = rest.slice(at, lineEnd);
    const prefix = quotePrefix(line, quotes);
    if (prefix === null) break;
    at = lineEnd;
    const body = line.slice(prefix.length);
    if (body.trim() === "") {
      kept += line;
      continue;
    }
    const text = body.trimStart();
    const found = widthOf(body.slice(0, body.length - text.length));
    indent = Math.min(indent, found);
    kept += prefix + " ".repeat(found - indent) + renumbered(text, found, lists);
    if (found === 0) break;
  }
  return cut.opening + kept + rest.slice(at);
}

const orderedMarker = /^\d{1,9}(?=[.)](?:\s|$))/;

function renumbered(text: string, indent: number, lists: OpenList[]): string {
  while ((lists.at(-1)?.indent ?? -1) > indent) lists.pop();
  const open = lists.at(-1);
  if (open?.indent !== indent || !orderedMarker.test(text)) return text;
  lists.pop();
  return text.replace(orderedMarker, String(open.nextNumber));
}

function widthOf(white: string): number {
  return white.replaceAll("\t", "    ").length;
}

function outerQuotes({ path }: Cut): number {
  const first = path.findIndex(({ node }) => node.type !== "blockquote");
  return first === -1 ? path.length : first;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline + 1;
}

/** The marks of so many quotes at the beginning of a line; null when it has fewer. */
function quotePrefix(line: string, quotes: number): string | null {
  if (quotes === 0) return "";
  return new RegExp(`^(?: {0,3}> ?){${quotes}}`).exec(line)?.[0] ?? null;
}

function indentAt(markdown: string, offset: number, quotes: number): number {
  const lineStart = markdown.lastIndexOf("\n", offset - 1) + 1;
  const line = markdown.slice(lineStart, offset);
  return widthOf(line.slice(quotePrefix(line, quotes)?.length ?? 0));
}

function markerIndent(markdown: string, node: Cut["path"][number]["node"], quotes: number): number {
  return indentAt(markdown, startOf(node), quotes);
}

function contentIndent(markdown: string, node: Cut["path"][number]["node"], quotes: number): number {
  if (node.type === "footnoteDefinition") return FOOTNOTE_INDENT;
  const [child] = node.children;
  return child === undefined ? markerIndent(markdown, node, quotes) + 2 : indentAt(markdown, startOf(child), quotes);
}

/** How far the further lines of a footnote are indented. */
const FOOTNOTE_INDENT = 4;

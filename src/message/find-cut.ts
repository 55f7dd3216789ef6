import type { BlockContent, Code, DefinitionContent, List, RootContent, Table } from "mdast";
import { continuationPrefix } from "./continuation-prefix.ts";
import { type Cut, type Enclosing, MIN_BLOCK_FILL, MIN_DIVISIBLE_FILL } from "./cut.ts";
import { cutText, graphemeBoundary } from "./cut-text.ts";
import { endOf, parseMarkdown, startOf } from "./markdown.ts";

/** What is being cut: `head` is the part of `markdown` that fits, and all that decides, so that later text changes nothing. */
interface Text {
  readonly markdown: string;
  readonly head: string;
}

/** The best place to cut a text of which the first `size` UTF-16 units fit; `size` is smaller than its length. */
export function findCut(markdown: string, size: number): Cut {
  const head = markdown.slice(0, size);
  const root = parseMarkdown(head);
  const text: Text = { markdown, head };
  const last = root.children.at(-1);
  if (last !== undefined && isOver(text, last)) return plainCut(head.lastIndexOf("\n") + 1, []);
  const anywhere: Cut = { ...plainCut(graphemeBoundary(markdown, 0, size), []), startsLine: false, spares: "nothing" };
  return cutBlocks(text, root.children, []) ?? anywhere;
}

// A blank line ends it for certain; an item of a list may go on behind one.
function isOver({ head }: Text, block: RootContent): boolean {
  return block.type !== "list" && block.type !== "footnoteDefinition" && /\n[ \t]*\n/.test(head.slice(endOf(block)));
}

function plainCut(at: number, path: readonly Enclosing[]): Cut {
  return { at, resumeAt: at, closing: "", opening: "", startsLine: true, path, spares: "blocks" };
}

function cutBlocks(text: Text, blocks: readonly RootContent[], path: readonly Enclosing[]): Cut | null {
  const last = blocks.at(-1);
  if (last === undefined) return null;
  const before = blocks.length > 1 ? lineStartOf(text.head, startOf(last)) : 0;
  const fill = before / text.head.length;
  const whole = plainCut(beforeHeading(text, blocks) ?? before, path);
  // A list or a table can be cut as well as the text around it.
  const isDivisible = last.type === "list" || last.type === "table";
  if (fill >= (isDivisible ? MIN_DIVISIBLE_FILL : MIN_BLOCK_FILL)) return whole;
  const within = cutWithin(text, last, path);
  if (before === 0 || within?.spares === "blocks") return within;
  return fill >= MIN_BLOCK_FILL || within?.spares !== "words" ? whole : within;
}

// A heading belongs to what follows it.
function beforeHeading({ head }: Text, blocks: readonly RootContent[]): number | null {
  const heading = blocks.length > 2 ? blocks.at(-2) : undefined;
  if (heading?.type !== "heading") return null;
  const at = lineStartOf(head, startOf(heading));
  return at >= head.length * MIN_BLOCK_FILL ? at : null;
}

function lineStartOf(head: string, offset: number): number {
  return head.lastIndexOf("\n", offset - 1) + 1;
}

function cutWithin(text: Text, block: RootContent, path: readonly Enclosing[]): Cut | null {
  switch (block.type) {
    case "blockquote":
      return cutBlocks(text, block.children, [...path, { node: block, nextNumber: null }]);
    case "footnoteDefinition":
      return (
        cutBlocks(text, block.children, [...path, { node: block, nextNumber: null }]) ?? cutParagraph(text, block, path)
      );
    case "list":
      return cutList(text, block, path);
    case "table":
      return cutTable(text, block, path) ?? cutParagraph(text, block, path);
    case "code":
      return cutCode(text, block, path);
    default:
      return cutParagraph(text, block, path);
  }
}

function cutList(text: Text, list: List, path: readonly Enclosing[]): Cut | null {
  const last = list.children.at(-1);
  if (last === undefined) return null;
  const number = (index: number) => (list.ordered ? (list.start ?? 1) + index : null);
  const before = list.children.length > 1 ? lineStartOf(text.head, startOf(last)) : 0;
  // The cut goes through the list, but through none of its items: what follows stands where the items stand.
  const between: Cut = { ...plainCut(before, [...path, { node: list, nextNumber: number(list.children.length - 1) }]) };
  if (before >= text.head.length * MIN_BLOCK_FILL) return between;
  const item: Enclosing = { node: last, nextNumber: number(list.children.length) };
  const within = cutBlocks(text, last.children, [...path, item]) ?? cutParagraph(text, last, path);
  return before === 0 || within?.spares === "blocks" || within?.spares === "words" ? within : between;
}

function quoteMarks(path: readonly Enclosing[]): string {
  return "> ".repeat(path.filter(({ node }) => node.type === "blockquote").length);
}

function cutTable(text: Text, table: Table, path: readonly Enclosing[]): Cut | null {
  const [heading, firstRow] = table.children;
  const last = table.children.at(-1);
  if (heading === undefined || firstRow === undefined || last === undefined || last === firstRow) return null;
  const marks = quoteMarks(path);
  const at = lineStartOf(text.head, startOf(last));
  const ruleLine = text.head.slice(endOf(heading) + 1, lineStartOf(text.head, startOf(firstRow)) - 1);
  const rule = ruleLine.replace(/^[\s>]*/, "");
  const repeated = `${marks}${text.head.slice(startOf(heading), endOf(heading))}\n${marks}${rule}\n`;
  const isWorthIt = repeated.length <= text.head.length * MIN_BLOCK_FILL;
  // The row's own prefix goes, so that it stands below the heading that is repeated.
  return isWorthIt
    ? { ...plainCut(at, path), resumeAt: startOf(last), opening: repeated + marks, startsLine: false }
    : plainCut(at, path);
}

function cutCode({ markdown, head }: Text, code: Code, path: readonly Enclosing[]): Cut | null {
  const start = startOf(code);
  const fence = /^(?:`{3,}|~{3,})/.exec(head.slice(start))?.[0];
  const marks = quoteMarks(path);
  const bodyStart = fence === undefined ? start : markdown.indexOf("\n", start) + 1;
  if (bodyStart === 0 && fence !== undefined) return null;
  if (bodyStart > head.length) {
    // A backtick further on would mean that it is no fence.
    if (markdown.slice(start, bodyStart).replace(/^`+/, "").includes("`")) return null;
    // The line of the fence is too long for a piece: it goes, since nobody would see it.
    const bare = `${marks}${fence}\n`;
    return { ...plainCut(start, path), resumeAt: bodyStart, opening: bare };
  }
  const line = head.lastIndexOf("\n") + 1;
  const lastLine = lineStartOf(head, endOf(code));
  // The block ends within the head, or what is left of it is the closing fence alone.
  const over =
    closingFenceEnd(markdown, Math.max(lastLine, bodyStart), fence) ?? closingFenceEnd(markdown, line, fence);
  if (over !== null) return plainCut(over, path);
  const opening = fence === undefined ? "" : `${marks}${fence}${code.lang ?? ""}\n`;
  const closing = fence === undefined ? "" : `\n${continuationPrefix(head, start)}${fence}`;
  if (line > bodyStart + (head.length - bodyStart) * MIN_BLOCK_FILL)
    return { at: line - 1, resumeAt: line, closing, opening, startsLine: true, path, spares: "blocks" };
  const at = graphemeBoundary(markdown, bodyStart, head.length);
  if (at >= markdown.length) return null;
  const indented = fence === undefined ? `${marks}    ` : opening + marks;
  return { at, resumeAt: at, closing, opening: indented, startsLine: false, path, spares: "graphemes" };
}

/** Where the closing fence ends, if nothing but blank lines stand before it. */
function closingFenceEnd(markdown: string, from: number, fence: string | undefined): number | null {
  if (fence === undefined) return null;
  const mark = fence[0] ?? "`";
  const pattern = new RegExp(`(?:[ \\t>]*\\n)*[ \\t>]*\\${mark}{${fence.length},}[ \\t]*(?:\\n|$)`, "y");
  pattern.lastIndex = from;
  return pattern.test(markdown) ? pattern.lastIndex : null;
}

function cutParagraph(
  { markdown, head }: Text,
  block: BlockContent | DefinitionContent | RootContent,
  path: readonly Enclosing[],
): Cut | null {
  const start = startOf(block);
  if (start >= head.length) return null;
  const { at, spares } = cutText(markdown, start, head.length, block);
  if (at >= markdown.length) return null;
  const marks = quoteMarks(path);
  // White space goes, and where it has line breaks the prefixes of the lines, which are written anew.
  const skipped =
    (path.length === 0 ? /^\s+/ : /^[ \t]*(?:\r?\n[ \t]*(?:> ?)*[ \t]*)?/).exec(
      markdown.slice(at, at + MAX_SKIPPED),
    )?.[0] ?? "";
  const hashes = block.type === "heading" ? (/^#{1,6} /.exec(head.slice(start))?.[0] ?? "") : "";
  return {
    at,
    resumeAt: at + skipped.length,
    closing: "",
    opening: marks + hashes + escapeAt(markdown, at + skipped.length),
    startsLine: false,
    path,
    spares,
  };
}

/** Longest white space that is dropped at a cut, in UTF-16 units; the rest of it is trimmed with the next piece. */
const MAX_SKIPPED = 256;

const blockOpener = /^(?:[-+*](?=\s|$)|#{1,6}(?=\s|$)|>|`{3}|~{3}|\[[^\]\n]{1,99}\]:)/;

// What was in the middle of a line and would open a block at its beginning is escaped.
function escapeAt(markdown: string, at: number): string {
  return blockOpener.test(markdown.slice(at, at + MAX_SKIPPED)) ? "\\" : "";
}

import type { List, ListItem, Root, RootContent, Table } from "mdast";
import { withoutControls } from "./control-characters.ts";
import { parseMarkdown } from "./markdown.ts";
import type { Markup } from "./markup.ts";
import { isPlainMarkdown } from "./plain-markdown.ts";
import { type References, referencesOf } from "./references.ts";
import { plainPhrasing, renderHtml, renderPhrasing, withoutSpans } from "./render-phrasing.ts";
import { textTable } from "./text-table.ts";

/**
 * Deepest list that is indented further than the one it is in, and how far: chat columns are narrow, and a line that opens
 * thirty lists must not fill the post with spaces.
 */
const MAX_INDENTED_DEPTH = 5;
const INDENT = "  ";

/** Markdown in a platform's markup; without white space at the end, and empty when it has nothing to show. */
export function renderMarkdown(markdown: string, markup: Markup): string {
  if (isPlainMarkdown(markdown)) return markdown;
  return renderTree(parseMarkdown(withoutControls(markdown)), markup);
}

/** A parsed text in a platform's markup. */
export function renderTree(root: Root, markup: Markup): string {
  const page: Page = { markup, references: referencesOf(root), quoteDepth: 0, listDepth: 0 };
  return joined(renderBlocks(root.children, page)).trimEnd();
}

interface Page {
  readonly markup: Markup;
  readonly references: References;
  readonly quoteDepth: number;
  readonly listDepth: number;
}

/** One paragraph, list line or code block of the result. */
interface Row {
  readonly text: string;
  /** What stands between it and the row before. */
  readonly gap: "\n" | "\n\n";
  /** Its lines begin where they do: code and quotes are never indented. */
  readonly isFixed: boolean;
}

function joined(rows: readonly Row[]): string {
  return rows.map(({ text, gap }, index) => (index === 0 ? text : gap + text)).join("");
}

function renderBlocks(nodes: readonly RootContent[], page: Page): Row[] {
  const rows: Row[] = [];
  let lastLine: number | null = null;
  for (const node of nodes) {
    const [first, ...others] = renderBlock(node, page);
    if (first === undefined) continue;
    // As the author wrote it: with a blank line between the blocks, or without.
    const isBelow = lastLine !== null && node.position !== undefined && node.position.start.line - lastLine <= 1;
    rows.push({ ...first, gap: isBelow ? "\n" : "\n\n" }, ...others);
    lastLine = node.position?.end.line ?? null;
  }
  return rows;
}

function renderBlock(node: RootContent, page: Page): Row[] {
  const { markup, references } = page;
  switch (node.type) {
    case "paragraph":
      return rowOf(markup.lines(renderPhrasing(node.children, markup, references).trim()));
    case "heading": {
      // A heading is bold as it is.
      const inner = renderPhrasing(withoutSpans(node.children, "strong"), markup, references).trim();
      return inner === "" ? [] : rowOf(markup.heading(inner, node.depth));
    }
    case "code":
      return fixedRow(node.value.trim() === "" ? "" : markup.codeBlock(node.value, node.lang ?? null));
    case "blockquote": {
      const inner = joined(renderBlocks(node.children, { ...page, quoteDepth: page.quoteDepth + 1, listDepth: 0 }));
      return fixedRow(inner.trim() === "" ? "" : markup.quote(inner, page.quoteDepth + 1));
    }
    case "list":
      return renderList(node, page);
    case "table":
      return fixedRow(markup.codeBlock(tableText(node, references), null));
    case "thematicBreak":
      return rowOf(markup.rule);
    case "html":
      return rowOf(markup.lines(renderHtml(node.value, markup)));
    case "definition":
      return references.isUsed(node)
        ? []
        : rowOf(markup.lines(markup.text(`[${node.label ?? node.identifier}]: ${node.url}`)));
    case "footnoteDefinition":
      return behindMarker(markup.text(`[${node.label ?? node.identifier}] `), "", renderBlocks(node.children, page));
    default:
      // Rows, cells and items are met in their parents, inline content in paragraphs.
      return [];
  }
}

function renderList(list: List, page: Page): Row[] {
  const gap = list.spread ? "\n\n" : "\n";
  return list.children.flatMap((item, index) => {
    const number = list.ordered ? `${(list.start ?? 1) + index}. ` : null;
    const rows = renderItem(item, number, page);
    return index === 0 ? rows : rows.map((row, place) => (place === 0 ? { ...row, gap } : row));
  });
}

function renderItem(item: ListItem, number: string | null, page: Page): Row[] {
  const inner = renderBlocks(item.children, { ...page, listDepth: page.listDepth + 1 });
  const indent = page.listDepth < MAX_INDENTED_DEPTH ? INDENT : "";
  return behindMarker(markerOf(item, number, page.markup), indent, inner);
}

function markerOf(item: ListItem, number: string | null, markup: Markup): string {
  if (typeof item.checked !== "boolean") return number ?? markup.bullet;
  return `${number ?? markup.taskBullet}${item.checked ? "\u2611" : "\u2610"} `;
}

function behindMarker(marker: string, indent: string, inner: readonly Row[]): Row[] {
  const [first, ...others] = inner;
  const rest = others.map((row) => indented(row, indent));
  if (first === undefined) return rowOf(marker.trimEnd());
  if (first.isFixed) return [...rowOf(marker.trimEnd()), { ...first, gap: "\n" }, ...rest];
  return [...rowOf(marker + first.text.replaceAll("\n", `\n${indent}`)), ...rest];
}

function indented(row: Row, indent: string): Row {
  return row.isFixed ? row : { ...row, text: row.text.replace(/^(?=.)/gm, indent) };
}

/** A table as lines of fixed-width text. */
export function tableText(table: Table, references: References): string {
  const rows = table.children.map((row) =>
    row.children.map((cell) => plainPhrasing(cell.children, references).replace(/\s+/g, " ").trim()),
  );
  return textTable(rows, table.align ?? []);
}

function rowOf(text: string): Row[] {
  return text === "" ? [] : [{ text, gap: "\n\n", isFixed: false }];
}

function fixedRow(text: string): Row[] {
  return text === "" ? [] : [{ text, gap: "\n\n", isFixed: true }];
}

import type { List, Nodes, PhrasingContent, RootContent, Table } from "mdast";
import { withoutControls } from "./control-characters.ts";
import { hiddenHost } from "./hidden-host.ts";
import { parseMarkdown } from "./markdown.ts";
import { isPlainMarkdown } from "./plain-markdown.ts";
import { type References, referencesOf } from "./references.ts";
import { isProduct, linkAddress } from "./render-phrasing.ts";

/** A text as a page shows it, as plain JSON: nothing in it is markup, every string is text to be shown as it is. */
export type ShownNode =
  | string
  | { readonly kind: "strong" | "emphasis" | "delete" | "paragraph" | "quote"; readonly children: readonly ShownNode[] }
  | { readonly kind: "heading"; readonly depth: number; readonly children: readonly ShownNode[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "codeBlock"; readonly text: string; readonly language: string | null }
  | { readonly kind: "break" | "rule" }
  /** `host` is where it leads when its words say otherwise, to be shown beside it; else null. */
  | {
      readonly kind: "link";
      readonly url: string;
      readonly host: string | null;
      readonly children: readonly ShownNode[];
    }
  /** `start` is the first number; null for a list without numbers. */
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly ShownItem[] }
  /** The first row is the head. */
  | {
      readonly kind: "table";
      readonly align: readonly ("left" | "right" | "center" | null)[];
      readonly rows: readonly (readonly (readonly ShownNode[])[])[];
    };

/** One item of a list; `checked` is null for one that is no task. */
export interface ShownItem {
  readonly checked: boolean | null;
  readonly children: readonly ShownNode[];
}

/** Where links may lead: nothing that runs in the page or reads files. */
const linkSchemes: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
const lineBreakTag = /^<br\s*\/?>$/i;

/** Markdown as a page shows it; one that is too long to be parsed (`MAX_PARSED_LENGTH`) is one paragraph. */
export function shownTree(markdown: string): readonly ShownNode[] {
  if (isPlainMarkdown(markdown)) {
    return markdown.split(/\n\n+/).map((text) => ({ kind: "paragraph", children: [text] }));
  }
  const root = parseMarkdown(withoutControls(markdown));
  return blocks(root.children, referencesOf(root));
}

function blocks(nodes: readonly RootContent[], references: References): ShownNode[] {
  return nodes.flatMap((node) => block(node, references));
}

function block(node: RootContent, references: References): ShownNode[] {
  switch (node.type) {
    case "paragraph":
      return [{ kind: "paragraph", children: inline(node.children, references) }];
    case "heading":
      return [{ kind: "heading", depth: node.depth, children: inline(node.children, references) }];
    case "blockquote":
      return [{ kind: "quote", children: blocks(node.children, references) }];
    case "code":
      return [{ kind: "codeBlock", text: node.value, language: node.lang ?? null }];
    case "list":
      return [listOf(node, references)];
    case "table":
      return [tableOf(node, references)];
    case "thematicBreak":
      return [{ kind: "rule" }];
    case "html":
      return [{ kind: "paragraph", children: [node.value] }];
    case "definition":
      if (references.isUsed(node)) return [];
      return [{ kind: "paragraph", children: [`[${node.label ?? node.identifier}]: ${node.url}`] }];
    case "footnoteDefinition":
      return [
        { kind: "paragraph", children: [`[${node.label ?? node.identifier}]`] },
        ...blocks(node.children, references),
      ];
    default:
      // Rows, cells and items are met in their parents, inline content in paragraphs.
      return [];
  }
}

function listOf(list: List, references: References): ShownNode {
  return {
    kind: "list",
    start: list.ordered ? (list.start ?? 1) : null,
    items: list.children.map((item) => ({
      checked: item.checked ?? null,
      // What stands close is shown close: the item of a tight list has no paragraph of its own.
      children: item.children.flatMap((child) =>
        child.type === "paragraph" && !list.spread ? inline(child.children, references) : block(child, references),
      ),
    })),
  };
}

function tableOf(table: Table, references: References): ShownNode {
  const align = (table.align ?? []).map((side) => side ?? null);
  return {
    kind: "table",
    align,
    rows: table.children.map((row) => row.children.map((cell) => inline(cell.children, references))),
  };
}

function inline(nodes: readonly PhrasingContent[], references: References): ShownNode[] {
  return nodes.flatMap((node, index): ShownNode[] => {
    if (isProduct(node, nodes[index - 1], nodes[index + 1])) {
      const sign = node.type === "strong" ? "**" : "*";
      return [sign, ...inline(node.children, references), sign];
    }
    return span(node, references);
  });
}

function span(node: PhrasingContent, references: References): ShownNode[] {
  switch (node.type) {
    case "text":
      return [node.value];
    case "strong":
    case "emphasis":
    case "delete":
      return [{ kind: node.type, children: inline(node.children, references) }];
    case "inlineCode":
      return [{ kind: "code", text: node.value }];
    case "break":
      return [{ kind: "break" }];
    case "html":
      return lineBreakTag.test(node.value.trim()) ? [{ kind: "break" }] : [node.value];
    case "link":
    case "linkReference": {
      const url = node.type === "link" ? node.url : references.urlOf(node.identifier);
      return linkTo(url, inline(withoutLinks(node.children), references), wordsOf(node));
    }
    // Pictures from elsewhere would tell their server who reads: what is shown is where they are.
    case "image":
    case "imageReference": {
      const url = node.type === "image" ? node.url : references.urlOf(node.identifier);
      const label = node.alt?.trim() || url;
      return linkTo(url, [label], label);
    }
    case "footnoteReference":
      return [`[${node.label ?? node.identifier}]`];
  }
}

function linkTo(url: string, children: readonly ShownNode[], words: string): ShownNode[] {
  const address = linkAddress(url, linkSchemes);
  if (address === null || !URL.canParse(address))
    return url === "" || words === url ? [...children] : [...children, ` (${url})`];
  const shown = words.trim() === "" ? [url] : children;
  return [{ kind: "link", url: address, host: hiddenHost(address, words), children: shown }];
}

// A link within a link leads nowhere: of it and of a picture the words stay.
function withoutLinks(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.flatMap((node): PhrasingContent[] => {
    if (node.type === "link" || node.type === "linkReference") return withoutLinks(node.children);
    if (node.type === "image" || node.type === "imageReference") return [{ type: "text", value: node.alt ?? "" }];
    return "children" in node ? [{ ...node, children: withoutLinks(node.children) }] : [node];
  });
}

function wordsOf(node: Nodes): string {
  if ("value" in node) return node.value;
  if ("alt" in node) return node.alt ?? "";
  return "children" in node ? node.children.map((child) => wordsOf(child)).join("") : "";
}

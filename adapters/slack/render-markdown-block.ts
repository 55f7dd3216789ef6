import type { Code, FootnoteDefinition, Nodes, Parents, Root } from "mdast";
import { continuationPrefix } from "../../src/message/continuation-prefix.ts";
import { withoutControls } from "../../src/message/control-characters.ts";
import { hiddenHost } from "../../src/message/hidden-host.ts";
import { endOf, parseMarkdown, startOf } from "../../src/message/markdown.ts";
import { plainMarkup } from "../../src/message/plain-markup.ts";
import { type References, referencesOf } from "../../src/message/references.ts";
import { renderTree, tableText } from "../../src/message/render-markdown.ts";
import { isProduct, linkAddress, plainPhrasing } from "../../src/message/render-phrasing.ts";

/** What stands in the source, and what goes out instead. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Invisible, and enough to keep two marks apart. */
const ZERO_WIDTH_SPACE = "\u200b";

const linkSchemes: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/**
 * Markdown for Slack's `markdown` block (docs.slack.dev/reference/block-kit/blocks/markdown-block). The block takes standard
 * markdown, so the source stays as it is, except for what the block doesn't know or shouldn't see: tables, HTML, references,
 * footnotes, Slack's own notation for mentions, links that lead nowhere.
 */
export function renderMarkdownBlock(markdown: string): string {
  const source = withoutControls(markdown).toWellFormed();
  const root = parseMarkdown(source);
  if (showsNothing(root)) return "";
  const edits = editsOf(root, source, referencesOf(root));
  let rendered = "";
  let done = 0;
  for (const { from, to, text } of edits) {
    rendered += source.slice(done, from) + text;
    done = to;
  }
  return (rendered + source.slice(done)).trimEnd();
}

// The source of an empty code block or heading is not empty, but what is seen of it is.
function showsNothing(root: Root): boolean {
  return root.children.every(({ type }) => type !== "paragraph") && renderTree(root, plainMarkup) === "";
}

function editsOf(node: Root | Nodes, source: string, references: References): Edit[] {
  const replaced = (text: string): Edit[] => [{ from: startOf(node), to: endOf(node), text }];
  const within = () => ("children" in node ? childEdits(node, source, references) : []);
  switch (node.type) {
    case "text":
      return textEdits(node, source);
    case "code":
      return closingFence(node, source);
    case "html":
      return replaced(escapeText(source.slice(startOf(node), endOf(node))));
    case "table":
      return replaced(fenced(tableText(node, references), continuationPrefix(source, startOf(node))));
    case "image":
    case "imageReference": {
      const url = node.type === "image" ? node.url : references.urlOf(node.identifier);
      // A mark of exclamation before it would make an image of it again.
      return replaced(
        (source[startOf(node) - 1] === "!" ? ZERO_WIDTH_SPACE : "") + linkTo(node.alt?.trim() || url, url),
      );
    }
    case "link":
      return isAutolink(source, node) || isHonest(node.url, plainPhrasing(node.children, references))
        ? within()
        : replaced(linkTo(plainPhrasing(node.children, references), node.url));
    case "linkReference":
      return replaced(linkTo(plainPhrasing(node.children, references), references.urlOf(node.identifier)));
    case "definition":
      return replaced(references.isUsed(node) ? "" : `\\[${escapeInline(node.label ?? node.identifier)}]: ${node.url}`);
    case "footnoteReference":
      return replaced(`\\[${escapeInline(node.label ?? node.identifier)}]`);
    case "footnoteDefinition":
      return footnoteEdits(node, source, within());
    default:
      return within();
  }
}

// A footnote becomes a paragraph that begins with its label, and what follows in it is no longer indented.
function footnoteEdits(node: FootnoteDefinition, source: string, within: readonly Edit[]): Edit[] {
  const from = startOf(node);
  const label = `\\[${escapeInline(node.label ?? node.identifier)}]`;
  const [first] = node.children;
  if (
    first === undefined ||
    node.children.some(({ type }) => type !== "paragraph") ||
    source.slice(from, endOf(node)).includes("|")
  ) {
    const text = renderTree({ type: "root", children: node.children }, plainMarkup);
    return [{ from, to: endOf(node), text: `${label} ${escapeText(text)}`.trimEnd() }];
  }
  const to = startOf(first);
  const indents = [...source.slice(to, endOf(node)).matchAll(/(?<=\n) {1,4}/g)]
    .map(({ index, 0: spaces }): Edit => ({ from: to + index, to: to + index + spaces.length, text: "" }))
    .filter((indent) => !within.some((edit) => indent.from < edit.to && edit.from < indent.to));
  return [{ from, to, text: `${label} ` }, ...[...within, ...indents].sort((left, right) => left.from - right.from)];
}

function childEdits(parent: Parents, source: string, references: References): Edit[] {
  const { children } = parent;
  return children.flatMap((child, index) => {
    const edits = editsOf(child, source, references);
    const next = children[index + 1];
    if (isProduct(child, children[index - 1], next)) return escapedProduct(child, edits);
    // What was a block of its own and becomes a paragraph must not run into the next one.
    const isAlone = child.type === "footnoteDefinition" || (child.type === "html" && flowParents.has(parent.type));
    if (!isAlone || next === undefined || !/^[^\n]*\r?\n[ \t>]*$/.test(source.slice(endOf(child), startOf(next))))
      return edits;
    const gap = `\n${continuationPrefix(source, startOf(child)).trimEnd()}`;
    return [...edits, { from: endOf(child), to: endOf(child), text: gap }];
  });
}

const flowParents = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);

function escapedProduct(node: Nodes, within: readonly Edit[]): Edit[] {
  const signs = node.type === "strong" ? "\\*\\*" : "\\*";
  const size = signs.length / 2;
  const [from, to] = [startOf(node), endOf(node)];
  return [{ from, to: from + size, text: signs }, ...within, { from: to - size, to, text: signs }];
}

/** A link that leads somewhere, and where its words say. */
function isHonest(url: string, words: string): boolean {
  const address = linkAddress(url, linkSchemes);
  return address !== null && hiddenHost(address, words) === null;
}

function isAutolink(source: string, node: Nodes): boolean {
  return source[startOf(node)] !== "[";
}

// While an answer grows, its code may be open: Slack needn't know what that means.
function closingFence(node: Code, source: string): Edit[] {
  const [from, at] = [startOf(node), endOf(node)];
  const fence = /^(?:`{3,}|~{3,})/.exec(source.slice(from, at))?.[0];
  const lastLine = /\n[ \t>]*([`~]*)[ \t]*$/.exec(source.slice(from, at))?.[1] ?? "";
  if (fence === undefined || lastLine.startsWith(fence)) return [];
  const closing = `${continuationPrefix(source, from)}${fence}`;
  // A quote that ends by what follows it takes the line's end along, and with it the code.
  return [{ from: at, to: at, text: source[at - 1] === "\n" ? `${closing}\n` : `\n${closing}` }];
}

// Slack's notation for people, channels and crowds: `<@U…>`, `<#C…>`, `<!channel>`.
const notation = /<(?=[@#!])/g;

function textEdits(node: Nodes, source: string): Edit[] {
  const from = startOf(node);
  return [...source.slice(from, endOf(node)).matchAll(notation)].map(({ index }) => {
    const at = from + index + 1;
    return { from: at, to: at, text: ZERO_WIDTH_SPACE };
  });
}

function linkTo(label: string, url: string): string {
  const address = linkAddress(url, linkSchemes);
  const text = escapeInline(label);
  if (address === null) return url === "" || label === url ? text : `${text} (${escapeInline(url)})`;
  const target = `(${address.replaceAll("(", "%28").replaceAll(")", "%29")})`;
  return hiddenHost(address, label) === null ? `[${text}]${target}` : `${text} ([${escapeInline(address)}]${target})`;
}

// In HTML and in plain text markdown means nothing; here it would.
function escapeText(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(value.includes("\n") ? /[\\*_`~[\]|]/g : /[\\*_`~[\]]/g, "\\$&")
    .replace(/^([ \t]*)([-+#=])/gm, "$1\\$2")
    .replace(/^([ \t]*\d{1,9})(?=[.)])/gm, "$1\\");
}

function escapeInline(value: string): string {
  return value
    .replace(/\s+/g, " ")
    .replace(/[\\*_`~[\]]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}

function fenced(text: string, prefix: string): string {
  const longestRun = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return [fence, ...text.split("\n"), fence].join(`\n${prefix}`);
}

import type { Delete, Emphasis as EmphasisNode, Nodes, PhrasingContent, Strong } from "mdast";
import { hiddenHost } from "./hidden-host.ts";
import type { Emphasis, Markup } from "./markup.ts";
import { plainMarkup } from "./plain-markup.ts";
import type { References } from "./references.ts";

const wordAtStart = /^[\p{L}\p{N}]/u;
const wordAtEnd = /[\p{L}\p{N}]$/u;
// Inside a Latin word or a number, emphasis is far rarer than multiplication; scripts without spaces do emphasise there.
const factorAtStart = /^[\w(]/;
const factorAtEnd = /[\w)]$/;
const lineBreakTag = /^<br\s*\/?>$/i;

/** The inline content of a paragraph, heading or cell in a platform's markup. */
export function renderPhrasing(nodes: readonly PhrasingContent[], markup: Markup, references: References): string {
  let rendered = "";
  // Kept beside it: taking the end of what was just added to would copy all of it, each time.
  let end = "";
  for (const [index, node] of nodes.entries()) {
    const next = nodes[index + 1];
    const touchesWord = wordAtEnd.test(end) || (next?.type === "text" && wordAtStart.test(next.value.slice(0, 2)));
    const piece = isProduct(node, nodes[index - 1], next)
      ? renderProduct(node, markup, references)
      : renderInline(node, markup, references, touchesWord);
    rendered += piece;
    end = (end + piece.slice(-2)).slice(-2);
  }
  return rendered;
}

/** The words of inline content. */
export function plainPhrasing(nodes: readonly PhrasingContent[], references: References): string {
  return renderPhrasing(nodes, plainMarkup, references);
}

function renderInline(node: PhrasingContent, markup: Markup, references: References, touchesWord: boolean): string {
  switch (node.type) {
    case "text":
      return markup.text(node.value);
    case "strong":
    case "emphasis":
    case "delete": {
      const inner = renderPhrasing(withoutSpans(node.children, node.type), markup, references);
      return inner.trim() === "" ? inner : markup.span(node.type, inner, { touchesWord });
    }
    case "inlineCode":
      return markup.inlineCode(node.value);
    case "break":
      return "\n";
    case "html":
      return renderHtml(node.value, markup);
    case "link":
    case "linkReference": {
      const inner = renderPhrasing(withoutLinks(node.children), markup, references);
      const url = node.type === "link" ? node.url : references.urlOf(node.identifier);
      return renderLink(inner, url, plainPhrasing(node.children, references), markup);
    }
    case "image":
    case "imageReference": {
      const url = node.type === "image" ? node.url : references.urlOf(node.identifier);
      const label = node.alt?.trim() || url;
      return renderLink(markup.text(label), url, label, markup);
    }
    case "footnoteReference":
      return markup.text(`[${node.label ?? node.identifier}]`);
  }
}

/** Inline content without spans of a kind: what is bold in something bold is no bolder, and few platforms can nest it. */
export function withoutSpans(nodes: readonly PhrasingContent[], kind: Emphasis): PhrasingContent[] {
  return nodes.flatMap((node): PhrasingContent[] => {
    if (node.type === kind) return withoutSpans(node.children, kind);
    return isSpan(node) ? [{ ...node, children: withoutSpans(node.children, kind) }] : [node];
  });
}

function isSpan(node: PhrasingContent): node is Delete | EmphasisNode | Strong {
  return node.type === "strong" || node.type === "emphasis" || node.type === "delete";
}

// A link within a link leads nowhere: of an image its name stays, of an address its words.
function withoutLinks(nodes: readonly PhrasingContent[]): PhrasingContent[] {
  return nodes.flatMap((node): PhrasingContent[] => {
    if (node.type === "link" || node.type === "linkReference") return withoutLinks(node.children);
    if (node.type === "image" || node.type === "imageReference") return [{ type: "text", value: node.alt ?? "" }];
    return isSpan(node) ? [{ ...node, children: withoutLinks(node.children) }] : [node];
  });
}

/** A span of emphasis that may be a product or a power: `2*3*4`, `a**b**c`. */
export function isProduct(
  node: Nodes,
  before: Nodes | undefined,
  after: Nodes | undefined,
): node is EmphasisNode | Strong {
  return (
    (node.type === "emphasis" || node.type === "strong") &&
    before?.type === "text" &&
    factorAtEnd.test(before.value) &&
    after?.type === "text" &&
    factorAtStart.test(after.value)
  );
}

function renderProduct(node: EmphasisNode | Strong, markup: Markup, references: References): string {
  const sign = markup.text(node.type === "strong" ? "**" : "*");
  return sign + renderPhrasing(node.children, markup, references) + sign;
}

/** HTML is text to a chat, except for the line break, which is the only one in a table's cell. */
export function renderHtml(value: string, markup: Markup): string {
  return lineBreakTag.test(value.trim()) ? "\n" : markup.text(value);
}

function renderLink(inner: string, url: string, label: string, markup: Markup): string {
  const address = linkAddress(url, markup.linkSchemes);
  if (address !== null) {
    if (label.trim() === "") return markup.link(markup.text(url), address, url);
    // Words that name another place than the one a link leads to are no link: the address is, beside them.
    if (hiddenHost(address, label) === null) return markup.link(inner, address, label);
    return `${inner}${markup.text(" (")}${markup.link(markup.text(address), address, address)}${markup.text(")")}`;
  }
  return url === "" || saysAddress(label, url) ? inner : `${inner}${markup.text(` (${url})`)}`;
}

/** True when a label is the link's own address, so that showing both would say it twice. */
export function saysAddress(label: string, url: string): boolean {
  return label === url || `mailto:${label}` === url || `http://${label}` === url;
}

// What stands in an address as it is. The rest is percent-encoded, or the address is none.
const cleanAddress = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/;

/** A link's address as a platform takes it; null when its scheme is none of these, or it is no address. */
export function linkAddress(url: string, schemes: ReadonlySet<string>): string | null {
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(url)?.[0].toLowerCase();
  if (scheme === undefined || !schemes.has(scheme)) return null;
  if (cleanAddress.test(url)) return url;
  return URL.parse(url)?.href ?? null;
}

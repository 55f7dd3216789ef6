import type { Nodes } from "mdast";
import { parseMarkdown } from "../../src/message/markdown.ts";

/** What Slack's markdown block shows; throws for what the block doesn't know, and for mentions outside code. */
export function readMarkdownBlock(markdown: string): string {
  return textOf(parseMarkdown(markdown));
}

function textOf(node: Nodes): string {
  switch (node.type) {
    case "html":
    case "table":
    case "image":
    case "imageReference":
    case "footnoteReference":
    case "footnoteDefinition":
      throw new Error(`expected no ${node.type} in a markdown block`);
    case "text":
      return node.value;
    case "inlineCode":
    case "code":
      return node.value;
    case "link":
      if (!/^(?:https?|mailto|xmpp):/i.test(node.url)) throw new Error(`expected no link to ${node.url}`);
      return node.children.map(textOf).join("");
    case "list":
      return node.children.map((item, index) => `${(node.start ?? 0) + index}. ${textOf(item)}`).join("\n");
    default:
      return "children" in node
        ? node.children.map(textOf).join("children" in node && isBlock(node) ? "\n" : "")
        : "\n";
  }
}

function isBlock(node: Nodes): boolean {
  return ["root", "list", "listItem", "blockquote"].includes(node.type);
}

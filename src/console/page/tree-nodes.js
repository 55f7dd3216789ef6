import { codeBlock } from "./code-block.js";
import { element } from "./element.js";

/** @typedef {import("./trees.js").ShownNode} ShownNode */

const LINK = /^(?:https?|mailto):/i;

/**
 * The nodes that show a text of markdown. Every string becomes text, never markup.
 * @param {readonly ShownNode[]} tree
 * @returns {(Node | string)[]}
 */
export function treeNodes(tree) {
  return tree.map(nodeOf);
}

/** @type {Readonly<Record<string, "strong" | "em" | "del" | "p" | "blockquote">>} */
const simple = { strong: "strong", emphasis: "em", delete: "del", paragraph: "p", quote: "blockquote" };

/**
 * @param {ShownNode} node
 * @returns {Node | string}
 */
function nodeOf(node) {
  if (typeof node === "string") return node;
  switch (node.kind) {
    case "strong":
    case "emphasis":
    case "delete":
    case "paragraph":
    case "quote":
      return element(simple[node.kind] ?? "p", blockDirection(node.kind), treeNodes(node.children));
    case "heading":
      // The page's own headings are above those of a message.
      return element(
        "p",
        { class: `h h${node.depth}`, role: "heading", "aria-level": `${node.depth + 2}`, dir: "auto" },
        treeNodes(node.children),
      );
    case "code":
      return element("code", {}, [node.text]);
    case "codeBlock":
      return codeBlock(node.text, node.language);
    case "break":
      return element("br");
    case "rule":
      return element("hr");
    case "link":
      return linkOf(node);
    case "list":
      return listOf(node);
    case "table":
      return tableOf(node);
  }
}

/** @param {string} kind */
function blockDirection(kind) {
  return kind === "paragraph" ? { dir: "auto" } : {};
}

/** @param {Extract<ShownNode, { kind: "link" }>} link */
function linkOf({ url, host, children }) {
  const span = element("span", {}, treeNodes(children));
  // The daemon lets nothing else through; a second look costs nothing.
  if (!LINK.test(url)) return span;
  const link = element("a", { href: url, title: url, target: "_blank", rel: "noopener noreferrer" }, [span]);
  if (host !== null) link.append(" ", element("span", { class: "leads-to" }, [`(${host})`]));
  return link;
}

/** @param {Extract<ShownNode, { kind: "list" }>} list */
function listOf({ start, items }) {
  const nodes = items.map(({ checked, children }) => {
    if (checked === null) return element("li", { dir: "auto" }, treeNodes(children));
    const box = element("input", {
      type: "checkbox",
      disabled: true,
      checked,
      "aria-label": checked ? "done" : "to do",
    });
    return element("li", { class: "task", dir: "auto" }, [box, " ", ...treeNodes(children)]);
  });
  return start === null ? element("ul", {}, nodes) : element("ol", { start: String(start) }, nodes);
}

/** @param {Extract<ShownNode, { kind: "table" }>} table */
function tableOf({ align, rows: [head = [], ...rows] }) {
  const cells = (/** @type {"th" | "td"} */ tag, /** @type {readonly (readonly ShownNode[])[]} */ row) =>
    element(
      "tr",
      {},
      row.map((cell, place) => element(tag, { "data-align": align[place] ?? null, dir: "auto" }, treeNodes(cell))),
    );
  return element("div", { class: "table", role: "region", "aria-label": "Table", tabindex: "0" }, [
    element("table", {}, [
      element("thead", {}, [cells("th", head)]),
      element(
        "tbody",
        {},
        rows.map((row) => cells("td", row)),
      ),
    ]),
  ]);
}

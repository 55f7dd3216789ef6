import { element } from "./element.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const ESCAPE = /\\([!-/:-@[-`{-~])/g;

/**
 * The nodes of a message. Fenced code becomes a block; in what the agent and the daemon wrote (`isMarkdown`) inline code is shown as such and
 * backslash escapes are resolved. Everything else stands as it was written, as text.
 * @param {string} text
 * @param {{ readonly isMarkdown: boolean }} how
 * @returns {Node[]}
 */
export function messageText(text, { isMarkdown }) {
  /** @type {Node[]} */
  const nodes = [];
  for (const block of blocksOf(text)) {
    if (block.isCode) nodes.push(element("pre", { tabindex: "0" }, [element("code", {}, [block.text])]));
    else if (block.text.trim() !== "")
      nodes.push(element("p", {}, isMarkdown ? inlineNodes(block.text) : [block.text]));
  }
  return nodes;
}

/**
 * @param {string} text
 * @returns {{ readonly isCode: boolean, readonly text: string }[]}
 */
function blocksOf(text) {
  /** @type {{ readonly isCode: boolean, readonly text: string }[]} */
  const blocks = [];
  /** @type {string[]} */
  let lines = [];
  /** @type {string | null} */
  let fence = null;
  const end = (/** @type {boolean} */ isCode) => {
    // A blank line next to a block of code is the block's margin.
    const body = isCode ? lines.join("\n") : lines.join("\n").replace(/^\n+|\s+$/g, "");
    if (isCode || body !== "") blocks.push({ isCode, text: body });
    lines = [];
  };
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence === null && mark !== null) {
      end(false);
      fence = mark;
    } else if (fence !== null && mark?.startsWith(fence) && line.trim() === mark) {
      end(true);
      fence = null;
    } else lines.push(line);
  }
  end(fence !== null);
  return blocks;
}

/**
 * @param {string} text
 * @returns {(Node | string)[]}
 */
function inlineNodes(text) {
  return text
    .split(/(?<!\\)(`[^`\n]+`)/)
    .map((part, place) =>
      place % 2 === 1 ? element("code", {}, [part.slice(1, -1)]) : part.replace(ESCAPE, (_, mark) => mark),
    );
}

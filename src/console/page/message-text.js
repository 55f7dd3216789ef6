import { codeBlock } from "./code-block.js";
import { element } from "./element.js";

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/**
 * The nodes of a text as it was written; only fenced code becomes a block. For what people write, and for what is not parsed.
 * @param {string} text
 * @returns {Node[]}
 */
export function messageText(text) {
  return blocksOf(text).map(({ text: body, language }) =>
    language === null ? element("p", { dir: "auto" }, [body]) : codeBlock(body, language === "" ? null : language),
  );
}

/**
 * @param {string} text
 * @returns {{ readonly text: string, readonly language: string | null }[]} `language` is null for what is no code
 */
function blocksOf(text) {
  /** @type {{ readonly text: string, readonly language: string | null }[]} */
  const blocks = [];
  /** @type {string[]} */
  let lines = [];
  /** @type {{ readonly mark: string, readonly language: string } | null} */
  let fence = null;
  const end = (/** @type {string | null} */ language) => {
    // A blank line next to a block of code is the block's margin.
    const body = language === null ? lines.join("\n").replace(/^\n+|\s+$/g, "") : lines.join("\n");
    if (language !== null || body !== "") blocks.push({ text: body, language });
    lines = [];
  };
  for (const line of text.split("\n")) {
    const [, mark = null, rest = ""] = FENCE.exec(line) ?? [];
    if (fence === null && mark !== null && !rest.includes("`")) {
      end(null);
      fence = { mark, language: rest.trim().split(/\s/)[0] ?? "" };
    } else if (fence !== null && mark?.startsWith(fence.mark) && rest.trim() === "") {
      end(fence.language);
      fence = null;
    } else lines.push(line);
  }
  end(fence?.language ?? null);
  return blocks;
}

import { element } from "./element.js";

const SAID_MS = 1_500;

/**
 * A block of code with a button that copies it.
 * @param {string} text
 * @param {string | null} language what its author calls it; null when it is not said
 */
export function codeBlock(text, language) {
  const code = element("code", { dir: "ltr" }, [text]);
  const copy = element("button", { type: "button", class: "copy", "aria-label": "Copy this code" }, ["Copy"]);
  copy.addEventListener("click", async () => {
    const isCopied = await copyText(text, code);
    copy.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    setTimeout(() => {
      copy.textContent = "Copy";
    }, SAID_MS);
  });
  return element("div", { class: "code" }, [
    element("div", { class: "code-head" }, [element("span", { class: "language" }, [language ?? ""]), copy]),
    element("pre", { tabindex: "0", "aria-label": language === null ? "Code" : `Code: ${language}` }, [code]),
  ]);
}

/**
 * Copies; where the browser does not allow it (plain HTTP on another machine), the text is selected, ready to be copied by hand.
 * @param {string} text
 * @param {HTMLElement} shown
 */
async function copyText(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}

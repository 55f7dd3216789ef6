import type { Nodes } from "mdast";
import { withoutControls } from "../../src/message/control-characters.ts";
import { parseMarkdown } from "../../src/message/markdown.ts";
import corpus from "../fixtures/markdown/corpus.json" with { type: "json" };

/** Texts as language models write them, finished and unfinished. */
export const markdownCorpus: readonly { readonly name: string; readonly markdown: string }[] = corpus;

/** A text of the corpus. */
export function fromCorpus(name: string): string {
  const found = markdownCorpus.find((text) => text.name === name);
  if (found === undefined) throw new Error(`expected a text "${name}" in the corpus`);
  return found.markdown;
}

/** What a reader of rendered markdown sees: text, code, HTML as text, names of images; no addresses, no numbers of lists. */
export function shownText(markdown: string): string {
  return textOf(parseMarkdown(withoutControls(markdown)));
}

const inline: ReadonlySet<string> = new Set([
  "text",
  "inlineCode",
  "strong",
  "emphasis",
  "delete",
  "link",
  "linkReference",
]);

function textOf(node: Nodes): string {
  if (node.type === "html") return node.value.replace(/^\s*<br\s*\/?>\s*$/, "\n");
  if ("value" in node) return node.value;
  if (node.type === "image" || node.type === "imageReference") return node.alt ?? "";
  if (!("children" in node)) return "\n";
  return node.children.map((child) => textOf(child) + (inline.has(child.type) ? "" : "\n")).join("");
}

/** The letters and digits of a text, in order, without anything that markup or a cut may add or take away. */
export function lettersOf(text: string): string {
  return text.normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");
}

/** The first letters of `expected` that `seen` does not contain in this order; null when it contains all. */
export function lostLetters(expected: string, seen: string): string | null {
  const letters = lettersOf(seen);
  let at = 0;
  const wanted = lettersOf(expected);
  for (let index = 0; index < wanted.length; index += 1) {
    at = letters.indexOf(wanted[index] ?? "", at) + 1;
    if (at === 0) return wanted.slice(index, index + 40);
  }
  return null;
}

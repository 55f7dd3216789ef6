import type { Emphasis, Markup, SpanEdges } from "../../src/message/markup.ts";
import { quoteLines } from "../../src/message/plain-markup.ts";
import { escapeFences, escapeLineStarts, escapeText } from "./escape-text.ts";

/** Discord's dialect of markdown (support.discord.com, "Markdown Text 101"). */
export const discordMarkup: Markup = {
  text: escapeText,
  span,
  inlineCode,
  link: maskedLink,
  // It has three sizes of headings.
  heading: (inner, depth) =>
    depth <= 3 ? `${"#".repeat(depth)} ${oneLine(inner)}` : span("strong", inner, { touchesWord: false }),
  codeBlock: (value, language) => {
    const name = language !== null && /^[\w+.#-]+$/.test(language) ? language : "";
    return `\`\`\`${name}\n${escapeFences(value)}\n\`\`\``;
  },
  quote: (inner, depth) => (depth === 1 ? quoteLines(inner) : quoteLines(inner).replace(/^> /gm, "\\> ")),
  lines: escapeLineStarts,
  bullet: "- ",
  taskBullet: "- ",
  rule: "\u2014\u2014\u2014",
  linkSchemes: new Set(["http:", "https:"]),
};

function span(emphasis: Emphasis, inner: string, { touchesWord }: SpanEdges): string {
  const [, before = "", text = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(inner) ?? [];
  const mark = markOf(emphasis, text, touchesWord);
  return `${before}${mark}${text}${mark}${after}`;
}

function markOf(emphasis: Emphasis, text: string, touchesWord: boolean): string {
  if (emphasis === "delete") return "~~";
  if (emphasis === "strong") return "**";
  // `_` keeps apart from the `**` it may stand beside, but means nothing within a word.
  return touchesWord || text.startsWith("_") || text.endsWith("_") ? "*" : "_";
}

function inlineCode(value: string): string {
  const longestRun = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  if (longestRun === 0) return `\`${value}\``;
  // Two marks hold code with single ones; a run of three or more would open a block.
  const text = longestRun === 1 ? value : escapeFences(value).replaceAll("``", "`\u200b`");
  return `\`\` ${text} \`\``;
}

const looksLikeAddress = /:\/\/|^www\./i;

function maskedLink(inner: string, url: string, label: string): string {
  // Without its scheme Discord doesn't see that it is an address.
  if (label === url || `http://${label}` === url) return url;
  // It shows no mask over an address: who could tell where that leads?
  if (looksLikeAddress.test(label)) return `${inner} (${url})`;
  const address = url.replaceAll("(", "%28").replaceAll(")", "%29");
  return `[${oneLine(inner).replace(/(?<!\\)[[\]]/g, "\\$&")}](${address})`;
}

function oneLine(inner: string): string {
  return inner.replace(/\s*\n\s*/g, " ");
}

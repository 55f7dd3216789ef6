import type { Emphasis, Markup } from "../../src/message/markup.ts";
import { quoteLines } from "../../src/message/plain-markup.ts";

/** Invisible; Slack takes it for the end of a word. */
const ZERO_WIDTH_SPACE = "\u200b";

const marks: Readonly<Record<Emphasis, string>> = { strong: "*", emphasis: "_", delete: "~" };

/** Slack's own mrkdwn (docs.slack.dev/messaging/formatting-message-text). */
export const mrkdwnMarkup: Markup = {
  text: escapeMrkdwn,
  span: (emphasis, inner, { touchesWord }) => {
    const [, before = "", text = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(inner) ?? [];
    // Marks count only at the edges of words.
    const edge = touchesWord ? ZERO_WIDTH_SPACE : "";
    return `${before}${edge}${marked(marks[emphasis], text)}${edge}${after}`;
  },
  // A backtick can't stand in code, however many are around it.
  inlineCode: (value) => `\`${escapeMrkdwn(value).replaceAll("`", "\u02cb")}\``,
  link: (inner, url, label) => {
    const address = escapeMrkdwn(url).replaceAll("|", "%7C");
    return label === url ? `<${address}>` : `<${address}|${inner.replaceAll("\n", " ").replaceAll("|", "\u00a6")}>`;
  },
  heading: (inner) => marked("*", inner),
  codeBlock: (value) =>
    `\`\`\`\n${escapeMrkdwn(value).replaceAll("```", `\`${ZERO_WIDTH_SPACE}\`${ZERO_WIDTH_SPACE}\``)}\n\`\`\``,
  quote: (inner, depth) => (depth === 1 ? quoteLines(inner) : quoteLines(inner).replace(/^> /gm, "&gt; ")),
  lines: (inner) => inner,
  bullet: "\u2022 ",
  taskBullet: "",
  rule: "\u2014\u2014\u2014",
  linkSchemes: new Set(["http:", "https:", "mailto:"]),
};

/** Text in which Slack sees no link, mention or broadcast. */
export function escapeMrkdwn(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// A mark holds for one line.
function marked(mark: string, text: string): string {
  return text.replace(/^.*\S.*$/gm, (line) => `${mark}${line}${mark}`);
}

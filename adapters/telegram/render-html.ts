import type { Emphasis, Markup } from "../../src/message/markup.ts";
import { quoteLines } from "../../src/message/plain-markup.ts";

/**
 * Most entities of one message that Telegram keeps; what comes after would lose its link without a word
 * (core.telegram.org/api/entities). From there on a link is shown with its address.
 */
const MAX_ENTITIES = 100;

const tags: Readonly<Record<Emphasis, string>> = { strong: "b", emphasis: "i", delete: "s" };

/** Telegram's HTML for one message (core.telegram.org/bots/api#html-style): it counts its entities, so it is made anew for each. */
export function telegramMarkup(): Markup {
  let entities = 0;
  const hasRoom = () => {
    entities += 1;
    return entities <= MAX_ENTITIES;
  };
  const wrapped = (tag: string, inner: string) =>
    wrapOutsideCode(inner, (part) => (hasRoom() ? element(tag, part) : part));
  return {
    text: escapeHtml,
    span: (emphasis, inner) => wrapped(tags[emphasis], inner),
    inlineCode: (value) => (hasRoom() ? element("code", escapeHtml(value)) : escapeHtml(value)),
    link: (inner, url, label) => {
      // A mention, which calls whoever it names.
      if (personLink.test(url)) return inner;
      if (!hasRoom()) return label === url ? inner : `${inner} (${escapeHtml(url)})`;
      // Telegram lets nothing that is fixed-width be a link.
      return `<a href="${escapeHtml(url)}">${inner.replace(codeTags, "")}</a>`;
    },
    heading: (inner) => wrapped("b", inner),
    codeBlock: (value, language) => {
      if (!hasRoom()) return escapeHtml(value);
      const name = language === null ? "" : language.replace(/[^\w+#.-]/g, "");
      const text = escapeHtml(value);
      return element("pre", name === "" ? text : `<code class="language-${name}">${text}</code>`);
    },
    // Quotes can't be nested: the inner ones are written as in a mail.
    quote: (inner, depth) =>
      depth > 1 || !hasRoom() ? quoteLines(inner).replaceAll(/^> /gm, "&gt; ") : element("blockquote", inner),
    lines: (inner) => inner,
    bullet: "\u2022 ",
    taskBullet: "",
    rule: "\u2014\u2014\u2014",
    linkSchemes: new Set(["http:", "https:", "mailto:", "tg:"]),
  };
}

/** Text that HTML shows as it is, also within a quoted attribute. */
export function escapeHtml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const personLink = /^tg:(?:\/\/)?user\b/i;
const codeTags = /<\/?code>/g;

/** How long Telegram finds a message: its text without tags, each escaped character once. */
export function htmlTextLength(html: string): number {
  let length = html.length;
  for (const [match] of html.matchAll(/<[^>]*>|&(?:amp|lt|gt|quot);/g))
    length -= match.startsWith("<") ? match.length : match.length - 1;
  return length;
}

function element(tag: string, inner: string): string {
  return `<${tag}>${inner}</${tag}>`;
}

// Code can neither contain nor be part of anything else, so what surrounds it is marked on both sides of it.
function wrapOutsideCode(inner: string, wrap: (part: string) => string): string {
  if (!inner.includes("<code>")) return wrap(inner);
  return inner
    .split(/(<code>[^<]*<\/code>)/)
    .map((part) => (part.trim() === "" || part.startsWith("<code>") ? part : wrap(part)))
    .join("");
}

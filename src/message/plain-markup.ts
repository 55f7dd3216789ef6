import type { Markup } from "./markup.ts";

/** No markup at all: words, code and addresses as they are. */
export const plainMarkup: Markup = {
  text: (value) => value,
  span: (_emphasis, inner) => inner,
  inlineCode: (value) => value,
  link: (inner) => inner,
  heading: (inner) => inner,
  codeBlock: (value) => value,
  quote: quoteLines,
  lines: (inner) => inner,
  bullet: "\u2022 ",
  taskBullet: "",
  rule: "\u2014\u2014\u2014",
  // No link has markup here: its address is shown behind its label.
  linkSchemes: new Set(),
};

/** Each line behind a `> `, as in a mail. */
export function quoteLines(inner: string): string {
  return inner.replace(/^/gm, "> ");
}

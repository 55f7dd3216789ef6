import { isPlainMarkdown } from "../../src/message/plain-markdown.ts";
import { plainMarkup } from "../../src/message/plain-markup.ts";
import { renderMarkdown } from "../../src/message/render-markdown.ts";
import { splitMarkdown } from "../../src/message/split-markdown.ts";
import { htmlTextLength, telegramMarkup } from "./render-html.ts";

/** Longest message, in UTF-16 units after the entities are parsed (core.telegram.org/bots/api#sendmessage). */
const MAX_TEXT_LENGTH = 4096;

/** Markdown as Telegram's HTML; empty when it has nothing to show. */
export function telegramHtml(markdown: string): string {
  return isPlainMarkdown(markdown) ? markdown : renderMarkdown(markdown, telegramMarkup());
}

/** Markdown as words alone: what is sent without a parse mode when Telegram refuses the HTML. */
export function telegramPlain(markdown: string): string {
  return renderMarkdown(markdown, plainMarkup);
}

/** An answer as pieces of markdown of which each fits a message; empty when it has nothing to show. */
export function splitForTelegram(markdown: string): string[] {
  return splitMarkdown(markdown, {
    limit: MAX_TEXT_LENGTH,
    lengthOf: (piece) => htmlTextLength(telegramHtml(piece)),
  });
}

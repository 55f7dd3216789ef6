import { isPlainMarkdown } from "../../src/message/plain-markdown.ts";
import { plainMarkup } from "../../src/message/plain-markup.ts";
import { renderMarkdown } from "../../src/message/render-markdown.ts";
import { splitMarkdown } from "../../src/message/split-markdown.ts";
import { escapeLineStarts, escapeText } from "./escape-text.ts";
import { discordMarkup } from "./render-discord.ts";

/** Longest message, in characters as they are sent (discord.com/developers/docs/resources/message#create-message). */
const MAX_CONTENT_LENGTH = 2000;

/** Markdown in Discord's dialect; empty when it has nothing to show. */
export function discordMarkdown(markdown: string): string {
  return renderMarkdown(markdown, discordMarkup);
}

/** Markdown as words alone, escaped so that Discord shows them as they are. */
export function discordPlain(markdown: string): string {
  return isPlainMarkdown(markdown) ? markdown : escapeLineStarts(escapeText(renderMarkdown(markdown, plainMarkup)));
}

/** An answer as pieces of markdown of which each fits a message; empty when it has nothing to show. */
export function splitForDiscord(markdown: string): string[] {
  return splitMarkdown(markdown, {
    limit: MAX_CONTENT_LENGTH,
    lengthOf: (piece) => discordMarkdown(piece).length,
  });
}

import { isPlainMarkdown } from "../../src/message/plain-markdown.ts";
import { plainMarkup } from "../../src/message/plain-markup.ts";
import { renderMarkdown } from "../../src/message/render-markdown.ts";
import { splitMarkdown } from "../../src/message/split-markdown.ts";
import { renderMarkdownBlock } from "./render-markdown-block.ts";
import { escapeMrkdwn, mrkdwnMarkup } from "./render-mrkdwn.ts";

/** Longest text of a markdown block, in characters (docs.slack.dev/reference/block-kit/blocks/markdown-block). */
const MAX_BLOCK_LENGTH = 12_000;

/** Markdown for Slack's `markdown` block; empty when it has nothing to show. */
export function slackMarkdown(markdown: string): string {
  if (isPlainMarkdown(markdown)) return markdown;
  // The source goes through as it stands, piece by piece; a line end of two characters would put them out of step.
  return renderMarkdownBlock(markdown.includes("\r") ? markdown.replace(/\r\n?/g, "\n") : markdown);
}

/** Markdown as Slack's mrkdwn: what notifications, and clients without the block, show. */
export function slackMrkdwn(markdown: string): string {
  return renderMarkdown(markdown, mrkdwnMarkup);
}

/** Markdown as words alone, escaped as Slack wants it in every text. */
export function slackPlain(markdown: string): string {
  return isPlainMarkdown(markdown) ? markdown : escapeMrkdwn(renderMarkdown(markdown, plainMarkup));
}

/** An answer as pieces of markdown of which each fits a block; empty when it has nothing to show. */
export function splitForSlack(markdown: string): string[] {
  return splitMarkdown(markdown, {
    limit: MAX_BLOCK_LENGTH,
    lengthOf: (piece) => slackMarkdown(piece).length,
  });
}

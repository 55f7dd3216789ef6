import { ButtonStyle, ComponentType } from "discord.js";
import type { Button } from "../../src/message/message.ts";
import { discordMarkdown } from "./format.ts";

/** A message has five rows of five buttons (discord.com/developers/docs/components/reference#action-row). */
const MAX_BUTTONS_IN_ROW = 5;
const MAX_ROWS = 5;
/** discord.com/developers/docs/components/reference#button: `label` 80 characters, `custom_id` 100. */
const MAX_LABEL_LENGTH = 80;

/** Whom a post alerts: the person it replies to. Whom it names is shown, and not called: its words may be those of a page the agent has read. */
const allowedMentions = { parse: [], replied_user: true };

/** The part of a post that a new message and an edit have in common. An edit without buttons takes away those that were there. */
export function postBody(post: { readonly text: string; readonly buttons: readonly Button[] }) {
  return {
    content: contentOf(post.text),
    allowed_mentions: allowedMentions,
    components: rowsOf(post.buttons),
  };
}

/** The text as it is posted. What shows nothing as markup (a comment, say) is still what was said. */
export function contentOf(markdown: string): string {
  return discordMarkdown(markdown) || markdown.trim();
}

function rowsOf(buttons: readonly Button[]) {
  // Discord refuses a message in which two buttons have the same id.
  const distinct = [...new Map(buttons.map((button) => [button.command, button])).values()];
  const rows = [];
  for (let start = 0; start < distinct.length && rows.length < MAX_ROWS; start += MAX_BUTTONS_IN_ROW) {
    const row = distinct.slice(start, start + MAX_BUTTONS_IN_ROW);
    rows.push({ type: ComponentType.ActionRow, components: row.map(buttonOf) });
  }
  return rows;
}

function buttonOf({ label, command, style }: Button) {
  return {
    type: ComponentType.Button,
    style: style === "primary" ? ButtonStyle.Primary : style === "danger" ? ButtonStyle.Danger : ButtonStyle.Secondary,
    label: [...label].slice(0, MAX_LABEL_LENGTH).join(""),
    custom_id: command,
  };
}

import type { InboundMessage } from "../../src/message/message.ts";
import type { TelegramBot } from "./bot.ts";
import { readPayload } from "./payload.ts";
import { readEdit, readMessage } from "./read-message.ts";
import { readPress } from "./read-press.ts";

/** Why an update becomes no message: the fixed set that is counted. */
export type IgnoredReason =
  | "own_message"
  | "other_bot"
  | "other_bots_command"
  | "channel_copy"
  | "no_sender"
  | "service_message"
  | "unread_edit"
  | "unknown_button"
  | "membership"
  | "reaction"
  | "other_update"
  | "not_understood";

/** What an update means. */
export type Reading =
  /** `albumId` is the same for the parts of one album; null outside albums. */
  | { readonly kind: "message"; readonly message: InboundMessage; readonly albumId: string | null }
  /** A pressed button: `callbackId` is what it is acknowledged by, `postId` the post it stands under. */
  | {
      readonly kind: "callback";
      readonly message: InboundMessage;
      readonly callbackId: string;
      readonly postId: string;
    }
  | { readonly kind: "edited"; readonly chatId: string; readonly messageId: string; readonly text: string }
  /** A group became a supergroup, with another id. */
  | { readonly kind: "moved"; readonly fromChatId: string; readonly toChatId: string }
  /** A topic got a name, or another one. */
  | { readonly kind: "topic"; readonly chatId: string; readonly threadId: string; readonly name: string }
  | { readonly kind: "ignored"; readonly why: IgnoredReason };

/** Reads whatever Telegram delivered as an update; never throws. */
export function readUpdate(update: unknown, bot: TelegramBot): Reading {
  const content = readPayload(update);
  if (content === null) return { kind: "ignored", why: "not_understood" };
  const sent = content.message ?? content.channel_post;
  if (sent !== undefined) return readMessage(sent, bot);
  const changed = content.edited_message ?? content.edited_channel_post;
  if (changed !== undefined) return readEdit(changed, bot);
  if (content.callback_query !== undefined) return readPress(content.callback_query, bot);
  return { kind: "ignored", why: otherReason(content) };
}

function otherReason(content: NonNullable<ReturnType<typeof readPayload>>): IgnoredReason {
  if (content.my_chat_member !== undefined) return "membership";
  return content.message_reaction === undefined ? "other_update" : "reaction";
}

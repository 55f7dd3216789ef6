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
  | "channel_post"
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
  if (content.message !== undefined) {
    // Bots see no posts as messages; a channel that reaches us in this form is one all the same.
    return content.message.chat.type === "channel"
      ? { kind: "ignored", why: "channel_post" }
      : readMessage(content.message, bot);
  }
  if (content.edited_message !== undefined) return readEdit(content.edited_message, bot);
  if (content.callback_query !== undefined) return readPress(content.callback_query, bot);
  return { kind: "ignored", why: otherReason(content) };
}

function otherReason(content: NonNullable<ReturnType<typeof readPayload>>): IgnoredReason {
  if (content.channel_post !== undefined || content.edited_channel_post !== undefined) return "channel_post";
  if (content.my_chat_member !== undefined) return "membership";
  return content.message_reaction === undefined ? "other_update" : "reaction";
}

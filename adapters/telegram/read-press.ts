import type { TelegramBot } from "./bot.ts";
import type { CallbackQuery } from "./payload.ts";
import { sourceOf } from "./place.ts";
import type { Reading } from "./read.ts";
import { personOf } from "./sender.ts";

/** Begins the id of a message that is a pressed button: it is no message of the chat, and can't be replied to. */
export const PRESS_ID_PREFIX = "callback-";

/** Reads a pressed button: a message with the button's command, by whoever pressed it, where the post is. */
export function readPress(press: CallbackQuery, bot: TelegramBot): Reading {
  const { message, data, from } = press;
  if (message === undefined || data === undefined || data === "") return { kind: "ignored", why: "unknown_button" };
  if (from.is_bot === true) return { kind: "ignored", why: "other_bot" };
  const sender = personOf(from);
  return {
    kind: "callback",
    callbackId: press.id,
    postId: String(message.message_id),
    message: {
      source: sourceOf({ account: bot.account, chat: message.chat, topic: message, sender, chatTopic: null }),
      messageId: `${PRESS_ID_PREFIX}${press.id}`,
      text: data,
      attachments: [],
      addressed: "yes",
    },
  };
}

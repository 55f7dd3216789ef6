import type { Button } from "../../src/message/message.ts";
import { GENERAL_TOPIC } from "./place.ts";

/** Labels together shorter than this, in UTF-16 units, stand in one row; a phone shows about so much. */
const ROW_LENGTH = 28;
/** core.telegram.org/bots/api#inlinekeyboardbutton puts no limit on a row; beyond three, fingers miss. */
const MAX_ROW_BUTTONS = 3;

interface KeyboardButton {
  readonly text: string;
  readonly callback_data: string;
  readonly style?: "primary" | "danger";
}

/** The buttons under a post, as Telegram takes them. */
export function keyboard(buttons: readonly Button[]): { inline_keyboard: KeyboardButton[][] } {
  const keys = buttons.map(({ label, command, style }) => ({
    text: label,
    callback_data: command,
    ...(style === undefined ? {} : { style }),
  }));
  const length = keys.reduce((sum, { text }) => sum + text.length, 0);
  const isOneRow = keys.length <= MAX_ROW_BUTTONS && length <= ROW_LENGTH;
  return { inline_keyboard: isOneRow ? [keys] : keys.map((key) => [key]) };
}

/** Where a post goes within its chat. The General topic is posted to without its id. */
export function topicParameters(threadId: string | null): { message_thread_id?: number } {
  return threadId === null || threadId === GENERAL_TOPIC ? {} : { message_thread_id: Number(threadId) };
}

/** What every kind of post takes: its topic, the message it answers, its buttons. */
export function sendParameters(post: {
  readonly chatId: string;
  readonly threadId: string | null;
  readonly replyToMessageId: string | null;
  readonly buttons: readonly Button[];
}) {
  const { threadId, replyToMessageId, buttons } = post;
  // A pressed button has an id of ours, which is no message of the chat.
  const repliesTo = replyToMessageId !== null && /^\d+$/.test(replyToMessageId) ? Number(replyToMessageId) : null;
  return {
    ...topicParameters(threadId),
    ...(repliesTo === null ? {} : { reply_parameters: { message_id: repliesTo, allow_sending_without_reply: true } }),
    ...(buttons.length === 0 ? {} : { reply_markup: keyboard(buttons) }),
  };
}

import type { OutboundMessage, PostEdit } from "../../src/message/message.ts";
import type { TelegramClient } from "./client.ts";
import { isMarkupRefused, isNotModified } from "./errors.ts";
import { telegramHtml, telegramPlain } from "./format.ts";
import { keyboard, sendParameters } from "./target.ts";

/** Posts a text, with its markup or, where Telegram refuses that, plain; resolves with the post's id. Throws what grammy throws. */
export async function sendText(
  client: TelegramClient,
  message: Pick<OutboundMessage, "chatId" | "threadId" | "replyToMessageId" | "buttons" | "text">,
): Promise<string> {
  const { chatId, text } = message;
  const parameters = sendParameters(message);
  const posted = await withMarkup(
    () => client.api.sendMessage(chatId, telegramHtml(text), { ...parameters, parse_mode: "HTML" }),
    () => client.api.sendMessage(chatId, telegramPlain(text), parameters),
  );
  return String(posted.message_id);
}

/** Changes a post; one that says this already is as good. Throws what grammy throws. */
export async function editText(client: TelegramClient, edit: PostEdit): Promise<void> {
  const { chatId, postId, text, buttons } = edit;
  const parameters = buttons.length === 0 ? {} : { reply_markup: keyboard(buttons) };
  const id = Number(postId);
  await withMarkup<unknown>(
    () => client.api.editMessageText(chatId, id, telegramHtml(text), { ...parameters, parse_mode: "HTML" }),
    () => client.api.editMessageText(chatId, id, telegramPlain(text), parameters),
  ).catch((error: unknown) => {
    if (!isNotModified(error)) throw error;
  });
}

/** Makes a call with markup, and once more without it where Telegram can't read that; throws what grammy throws. */
export async function withMarkup<T>(marked: () => Promise<T>, plain: () => Promise<T>): Promise<T> {
  try {
    return await marked();
  } catch (error) {
    if (!isMarkupRefused(error)) throw error;
    return await plain();
  }
}

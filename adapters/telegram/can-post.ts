import { z } from "zod";
import type { ChatPlace } from "../../src/platform/adapter.ts";
import { librarySignal, type TelegramClient } from "./client.ts";
import { deliveryErrorOf, movedTo } from "./errors.ts";

/** What is read of a chat (core.telegram.org/bots/api#chatfullinfo). */
const chatInfo = z.object({
  type: z.string(),
  permissions: z.object({ can_send_messages: z.boolean().optional() }).optional(),
});
/** What is read of a member (core.telegram.org/bots/api#chatmember). */
const memberInfo = z.object({
  status: z.string(),
  is_member: z.boolean().optional(),
  can_send_messages: z.boolean().optional(),
  can_post_messages: z.boolean().optional(),
});

const UNKNOWN =
  "Telegram does not let the bot see this chat. Check the id (/whoami shows it), add the bot to the group or channel, or have the person write to it first.";
const NOT_IN = "the bot is not in this chat. Add it there, and try again.";
const MUTED = "the bot may not write in this chat. Let its members send messages, or make the bot an admin.";
const NO_CHANNEL_ADMIN = "the bot may not post in this channel. Make it an admin with the right to post messages.";

/** Whether the bot can post in a chat, as `Adapter.canPost` says it; whether there is such a topic Telegram does not tell. */
export async function canPost(
  client: TelegramClient,
  { chatId }: ChatPlace,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await refusalIn(client, chatId, signal);
  } catch (error) {
    const toChatId = movedTo(error);
    // Posts follow the group, too.
    if (toChatId !== null) return await canPost(client, { chatId: toChatId, threadId: null }, signal);
    const { kind } = deliveryErrorOf(error);
    return kind === "gone" || kind === "forbidden" ? UNKNOWN : null;
  }
}

async function refusalIn(client: TelegramClient, chatId: string, signal: AbortSignal): Promise<string | null> {
  const { api } = client;
  const chat = chatInfo.parse(await api.getChat(chatId, librarySignal(signal)));
  if (chat.type === "private") return null;
  const { id } = await api.getMe(librarySignal(signal));
  const member = memberInfo.parse(await api.getChatMember(chatId, id, librarySignal(signal)));
  switch (member.status) {
    case "left":
    case "kicked":
      return NOT_IN;
    case "restricted":
      if (member.is_member === false) return NOT_IN;
      return member.can_send_messages === false ? MUTED : null;
    case "member":
      if (chat.type === "channel") return NO_CHANNEL_ADMIN;
      return chat.permissions?.can_send_messages === false ? MUTED : null;
    case "administrator":
      return chat.type === "channel" && member.can_post_messages !== true ? NO_CHANNEL_ADMIN : null;
    default:
      return null;
  }
}

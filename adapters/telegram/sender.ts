import type { TelegramBot } from "./bot.ts";
import type { Chat, Message, Origin, User } from "./payload.ts";

/** Who speaks. */
export interface Sender {
  /** Numeric; negative for a chat that speaks as itself. */
  readonly userId: string;
  readonly userName: string | null;
  /** False for an anonymous admin, who speaks as the group, and for a channel. */
  readonly isPerson: boolean;
}

/** Who wrote a message, or why nobody is answered. */
export function senderOf(
  message: Pick<Message, "from" | "sender_chat" | "is_automatic_forward">,
  bot: TelegramBot,
): Sender | "channel_copy" | "own_message" | "other_bot" | "no_sender" {
  // The post of a linked channel, put into its discussion group by Telegram itself: nobody there said it.
  if (message.is_automatic_forward === true) return "channel_copy";
  const { from, sender_chat: chat } = message;
  // Comes before `from`, which names a stand-in bot of Telegram's then.
  if (chat !== undefined) return { userId: String(chat.id), userName: nameOfChat(chat), isPerson: false };
  if (from === undefined) return "no_sender";
  if (from.id === bot.id) return "own_message";
  if (from.is_bot === true) return "other_bot";
  return personOf(from);
}

/** A person as a sender. */
export function personOf(user: User): Sender {
  return { userId: String(user.id), userName: nameOfUser(user), isPerson: true };
}

/** The username, else the name somebody gives as theirs: other people's text. */
export function nameOfUser(user: User): string | null {
  if (user.username !== undefined && user.username !== "") return user.username;
  const name = [user.first_name, user.last_name].filter((part) => part !== undefined && part !== "").join(" ");
  return name === "" ? null : name;
}

/** A chat's title, else its username. */
export function nameOfChat(chat: Chat): string | null {
  return chat.title ?? chat.username ?? null;
}

/** Who wrote what was forwarded, as far as they let it be known. */
export function nameOfOrigin(origin: Origin): string | null {
  const { sender_user: user, sender_user_name: hidden, sender_chat, chat } = origin;
  if (user !== undefined) return nameOfUser(user);
  const from = sender_chat ?? chat;
  return from === undefined ? (hidden ?? null) : nameOfChat(from);
}

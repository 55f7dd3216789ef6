import type { InboundMessage, RepliedMessage } from "../../src/message/message.ts";
import { cutText } from "../../src/session/untrusted-text.ts";
import { isAddressed, isCommandForOther, isTopicCreation, markedText, withoutOwnName } from "./addressed.ts";
import type { TelegramBot } from "./bot.ts";
import { contentText, oneLine } from "./content.ts";
import type { Message } from "./payload.ts";
import { sourceOf } from "./place.ts";
import type { Reading } from "./read.ts";
import { readFiles } from "./read-files.ts";
import { nameOfChat, nameOfOrigin, nameOfUser, senderOf } from "./sender.ts";

/** Clients cut what is longer than 4096 characters into several messages, at a space where there is one near (core.telegram.org/bots/api#message). */
const FILLS_LIMIT_LENGTH = 4_000;
/** Longest beginning of a replied message that is told, in UTF-16 units; what was quoted by hand is at most 1024. */
const MAX_REPLIED_LENGTH = 1_024;

/** Reads a message of a chat. */
export function readMessage(message: Message, bot: TelegramBot): Reading {
  const { chat } = message;
  if (message.migrate_to_chat_id !== undefined) {
    return { kind: "moved", fromChatId: String(chat.id), toChatId: String(message.migrate_to_chat_id) };
  }
  const renamed = message.forum_topic_created?.name ?? message.forum_topic_edited?.name;
  if (renamed !== undefined && message.message_thread_id !== undefined) {
    return { kind: "topic", chatId: String(chat.id), threadId: String(message.message_thread_id), name: renamed };
  }
  const sender = senderOf(message, bot);
  if (typeof sender === "string") return { kind: "ignored", why: sender };

  const attachments = readFiles(message);
  const text = textOf(message, bot);
  if (text === null) return { kind: "ignored", why: "other_bots_command" };
  if (text === "" && attachments.length === 0) return { kind: "ignored", why: "service_message" };

  const replyTo = repliedBy(message);
  const fillsLimit = (message.text ?? "").length >= FILLS_LIMIT_LENGTH;
  const inbound: InboundMessage = {
    source: sourceOf({ account: bot.account, chat, topic: message, sender, chatTopic: topicNameIn(message) }),
    messageId: String(message.message_id),
    text,
    attachments,
    addressed: isAddressed(message, bot) ? "yes" : "no",
    ...(replyTo === null ? {} : { replyTo }),
    ...(sender.isPerson ? {} : { isPerson: false }),
    ...(message.media_group_id === undefined && !fillsLimit ? {} : { waitsForMore: true }),
  };
  return { kind: "message", message: inbound, albumId: message.media_group_id ?? null };
}

/** Reads a message that was changed: what it says now. */
export function readEdit(message: Message, bot: TelegramBot): Reading {
  const reading = readMessage(message, bot);
  if (reading.kind !== "message") return { kind: "ignored", why: "unread_edit" };
  const { source, messageId, text } = reading.message;
  return { kind: "edited", chatId: source.chatId, messageId, text };
}

/** Null for a command that names another bot. */
function textOf(message: Message, bot: TelegramBot): string | null {
  const said = contentText(message);
  if (message.forward_origin !== undefined) {
    if (said === "" && readFiles(message).length === 0) return "";
    const name = oneLine(nameOfOrigin(message.forward_origin) ?? "");
    // A line of its own first: a forwarded "/reset" is what somebody showed, not what somebody wants.
    const line = name === "" ? "[Forwarded]" : `[Forwarded from ${name}]`;
    return said === "" ? line : `${line}\n${said}`;
  }
  const marked = markedText(message);
  if (marked.text === "") return said;
  if (isCommandForOther(marked, bot)) return null;
  const text = withoutOwnName(marked, bot);
  // A bare mention asks for attention: it is all that was said.
  return text === "" && readFiles(message).length === 0 ? marked.text : text;
}

function repliedBy(message: Message): RepliedMessage | null {
  const { reply_to_message: replied, external_reply: external, quote } = message;
  if (replied !== undefined && !isTopicCreation(message)) {
    const { from, sender_chat: chat } = replied;
    const author = chat === undefined ? from && nameOfUser(from) : nameOfChat(chat);
    const text = quote?.text ?? contentText(replied);
    return { messageId: String(replied.message_id), userName: author ?? null, text: beginning(text) };
  }
  if (external === undefined) return null;
  // The id belongs to another chat: it must not be taken for one of this chat's messages.
  const messageId = `external-${external.message_id ?? "unknown"}`;
  const userName = external.origin === undefined ? null : nameOfOrigin(external.origin);
  return { messageId, userName, text: beginning(quote?.text ?? contentText(external)) };
}

function beginning(text: string): string | null {
  return text === "" ? null : cutText(text, MAX_REPLIED_LENGTH);
}

function topicNameIn(message: Message): string | null {
  return (isTopicCreation(message) && message.reply_to_message?.forum_topic_created?.name) || null;
}

import type { ChatType, SessionSource } from "../../src/session/source.ts";
import type { Chat } from "./payload.ts";
import type { Sender } from "./sender.ts";

/** The General topic of a forum: its messages carry no topic id, and it is posted to without one. */
export const GENERAL_TOPIC = "1";

/** What a message says about its topic. */
export interface TopicFields {
  readonly message_thread_id?: number | undefined;
  readonly is_topic_message?: boolean | undefined;
}

/** The topic a message was written in, null outside topics. Without `is_topic_message` a thread id is a mere chain of replies. */
export function threadOf(chat: Chat, message: TopicFields): string | null {
  if (message.is_topic_message === true && message.message_thread_id !== undefined) {
    return String(message.message_thread_id);
  }
  return chat.is_forum === true && chat.type === "supergroup" ? GENERAL_TOPIC : null;
}

/** Where something was said, and by whom. `chatTopic` is the topic's name where the message tells it. */
export function sourceOf(options: {
  readonly account: string;
  readonly chat: Chat;
  readonly topic: TopicFields;
  readonly sender: Sender;
  readonly chatTopic: string | null;
}): SessionSource {
  const { account, chat, sender, chatTopic } = options;
  const threadId = threadOf(chat, options.topic);
  return {
    platform: "telegram",
    account,
    chatType: chatTypeOf(chat, threadId),
    chatId: String(chat.id),
    threadId,
    userId: sender.userId,
    userIdAlt: null,
    workspaceId: null,
    parentChatId: null,
    userName: sender.userName,
    chatName: chat.title ?? null,
    chatTopic,
    chatIdAlt: null,
  };
}

function chatTypeOf(chat: Chat, threadId: string | null): ChatType {
  switch (chat.type) {
    case "private":
      return "dm";
    case "channel":
      return "channel";
    case "group":
    case "supergroup":
      return threadId === null ? "group" : "thread";
  }
}

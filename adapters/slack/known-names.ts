/** What sort of conversation Slack says it is; a private channel is a `channel`. */
export type ConversationKind = "dm" | "group" | "channel";

/** What is known of a conversation. */
export interface KnownChat {
  /** Null in direct messages, and when Slack does not say. */
  readonly name: string | null;
  readonly topic: string | null;
  readonly kind: ConversationKind | null;
}

/** Names as far as they are known when a message is read. */
export interface KnownNames {
  user(userId: string): string | null;
  chat(chatId: string): KnownChat | null;
}

/** The names a message can be read with best. */
export interface NeededNames {
  readonly userIds: readonly string[];
  readonly chatIds: readonly string[];
}

/** Something a person says. */
export interface Said {
  /** Positive: the private chat with that person; negative: a supergroup. */
  readonly chatId: number;
  /** Absent: in a private chat that chat's person, elsewhere 1001. */
  readonly userId?: number;
  /** Absent: `user<id>`. */
  readonly userName?: string;
  readonly text?: string;
  /** A topic of a forum. */
  readonly threadId?: number;
  /** Absent: the next number. The same one again is a repeated delivery. */
  readonly messageId?: number;
  /** More fields of the message, or other values of these: a photo, what is replied to. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const ENTITY = /(?<![\w/@])(?:\/[a-z0-9_]{1,64}(?:@[a-z0-9_]+)?|@[a-z0-9_]{3,})(?![\w/])/gi;

/** The commands and mentions of a text, as Telegram marks them. */
export function entitiesOf(text: string) {
  return [...text.matchAll(ENTITY)].map((match) => ({
    type: match[0].startsWith("/") ? "bot_command" : "mention",
    offset: match.index,
    length: match[0].length,
  }));
}

/** The `message` of an update. */
export function messageOf(said: Said, messageId: number): Readonly<Record<string, unknown>> {
  const { chatId, threadId, text, extra = {} } = said;
  const userId = said.userId ?? (chatId > 0 ? chatId : 1001);
  const from = { id: userId, is_bot: false, first_name: `User ${userId}`, username: said.userName ?? `user${userId}` };
  const entities = text === undefined ? [] : entitiesOf(text);
  return {
    message_id: messageId,
    date: Math.floor(Date.now() / 1_000),
    from,
    chat: chatOf(chatId, from, threadId !== undefined),
    ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }),
    ...(text === undefined ? {} : { text }),
    ...(entities.length === 0 ? {} : { entities }),
    ...extra,
  };
}

/** A chat as messages name it. */
export function chatOf(
  chatId: number,
  person: { readonly first_name: string; readonly username: string },
  isForum: boolean,
) {
  return chatId > 0
    ? { id: chatId, type: "private", first_name: person.first_name, username: person.username }
    : { id: chatId, type: "supergroup", title: `Group ${-chatId}`, ...(isForum ? { is_forum: true } : {}) };
}

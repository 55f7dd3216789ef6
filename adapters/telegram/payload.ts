import { z } from "zod";

// Field names and their meaning: core.telegram.org/bots/api#available-types. Only what is read is named.
// A part that is not as expected counts as absent: the rest of the message still reaches its reader.
function maybe<T>(schema: z.ZodType<T>) {
  return schema.optional().catch(undefined);
}

const text = maybe(z.string());
const flag = maybe(z.boolean());
const count = maybe(z.number());
const id = z.number().int();

const user = z.object({ id, is_bot: flag, first_name: text, last_name: text, username: text });

const chat = z.object({
  id,
  type: z.enum(["private", "group", "supergroup", "channel"]),
  title: text,
  username: text,
  is_forum: flag,
});

const entity = z.object({ type: z.string(), offset: id, length: id, user: maybe(user) });
const entities = maybe(z.array(entity));

const file = z.object({ file_id: z.string(), file_size: count, file_name: text, mime_type: text });
const photo = z.object({ file_id: z.string(), file_size: count, width: z.number(), height: z.number() });
const location = z.object({ latitude: z.number(), longitude: z.number() });
const named = z.object({ name: text });

const content = {
  text,
  entities,
  caption: text,
  caption_entities: entities,
  photo: maybe(z.array(photo)),
  animation: maybe(file),
  audio: maybe(file),
  document: maybe(file),
  video: maybe(file),
  video_note: maybe(file),
  voice: maybe(file),
  sticker: maybe(z.object({ emoji: text })),
  location: maybe(location),
  venue: maybe(z.object({ location, title: text, address: text })),
  contact: maybe(z.object({ phone_number: text, first_name: text, last_name: text })),
  poll: maybe(z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) })),
  dice: maybe(z.object({ emoji: text, value: z.number() })),
  checklist: maybe(z.object({ title: z.string(), tasks: z.array(z.object({ text: z.string() })) })),
  game: maybe(z.object({ title: text })),
  story: maybe(z.object({})),
  paid_media: maybe(z.object({})),
  forum_topic_created: maybe(named),
  forum_topic_edited: maybe(named),
};

const repliedMessage = z.object({ message_id: id, from: maybe(user), sender_chat: maybe(chat), ...content });

const origin = z.object({
  sender_user: maybe(user),
  sender_user_name: text,
  sender_chat: maybe(chat),
  chat: maybe(chat),
});

const message = z.object({
  message_id: id,
  message_thread_id: maybe(id),
  is_topic_message: flag,
  from: maybe(user),
  sender_chat: maybe(chat),
  chat,
  forward_origin: maybe(origin),
  is_automatic_forward: flag,
  reply_to_message: maybe(repliedMessage),
  external_reply: maybe(z.object({ message_id: count, origin: maybe(origin), ...content })),
  quote: maybe(z.object({ text: z.string() })),
  media_group_id: text,
  migrate_to_chat_id: maybe(id),
  ...content,
});

const callbackMessage = z.object({
  message_id: id,
  chat,
  message_thread_id: maybe(id),
  is_topic_message: flag,
});

const callbackQuery = z.object({ id: z.string(), from: user, message: maybe(callbackMessage), data: text });

const update = z.object({
  message: message.optional(),
  edited_message: message.optional(),
  channel_post: message.optional(),
  edited_channel_post: message.optional(),
  callback_query: callbackQuery.optional(),
  my_chat_member: z.object({}).optional(),
  message_reaction: z.object({}).optional(),
});

/** A person or a bot. */
export type User = z.output<typeof user>;
/** A chat; also who speaks, where a chat speaks as itself. */
export type Chat = z.output<typeof chat>;
/** A part of a text that means something: a mention, a command. Offsets are UTF-16 units. */
export type Entity = z.output<typeof entity>;
/** A message of a chat. */
export type Message = z.output<typeof message>;
/** The message another one replies to. */
export type RepliedMessage = z.output<typeof repliedMessage>;
/** What is said in a message, whoever said it and wherever. */
export type Content = Omit<RepliedMessage, "message_id" | "from" | "sender_chat">;
/** Where a forwarded message comes from. */
export type Origin = z.output<typeof origin>;
/** A pressed button. */
export type CallbackQuery = z.output<typeof callbackQuery>;
/** What one update holds, without its number. */
export type UpdateContent = z.output<typeof update>;

/** Parses an update as far as it may become a message; null when it is none that can be understood. */
export function readPayload(value: unknown): UpdateContent | null {
  const parsed = update.safeParse(value);
  return parsed.success ? parsed.data : null;
}

const placed = z.object({ chat: z.object({ id }), migrate_to_chat_id: maybe(id) });
const order = z.object({
  message: maybe(placed),
  edited_message: maybe(placed),
  channel_post: maybe(placed),
  edited_channel_post: maybe(placed),
  callback_query: maybe(z.object({ id: maybe(z.string()), message: maybe(placed) })),
});

/** What an update has to wait for, and what has to wait for it. */
export interface UpdateOrder {
  /** The chat in whose order it is handed over; null for one that belongs to none. */
  readonly chatId: number | null;
  /** A chat gets another id: what came before and after in either is kept apart from it. */
  readonly isMove: boolean;
  /** What a pressed button is acknowledged by; null for all else. */
  readonly callbackId: string | null;
}

/** Where an update stands among others. */
export function orderOf(value: unknown): UpdateOrder {
  const parsed = order.safeParse(value);
  if (!parsed.success) return { chatId: null, isMove: false, callbackId: null };
  const { message: sent, edited_message: edited, callback_query: pressed } = parsed.data;
  const posted = parsed.data.channel_post ?? parsed.data.edited_channel_post;
  const within = sent ?? edited ?? posted ?? pressed?.message;
  const callbackId = pressed?.id ?? null;
  return { chatId: within?.chat.id ?? null, isMove: within?.migrate_to_chat_id !== undefined, callbackId };
}

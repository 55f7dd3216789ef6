import type { TelegramBot } from "./bot.ts";
import type { Entity, Message } from "./payload.ts";

/** A text with what Telegram found in it. */
export interface MarkedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const NAMED_COMMAND = /^\/[a-z0-9_]{1,64}@([a-z0-9_]{1,64})$/i;
const COMMAND_WITH_BOT = /^(\/[a-z0-9_]{1,64})@([a-z0-9_]{1,64})(?![a-z0-9_])/i;

/** What was said, as text or as a caption. */
export function markedText(message: Message): MarkedText {
  return message.text !== undefined
    ? { text: message.text, entities: message.entities ?? [] }
    : { text: message.caption ?? "", entities: message.caption_entities ?? [] };
}

/** Whether a message is meant for the bot. Entity offsets are UTF-16 units, as JavaScript's. */
export function isAddressed(message: Message, bot: TelegramBot): boolean {
  if (message.chat.type === "private") return true;
  // Somebody else said it, somewhere else: neither its mentions nor its commands were meant for this chat.
  if (message.forward_origin !== undefined) return false;
  const marked = markedText(message);
  return (
    marked.entities.some((entity) => isOwnMention(marked, entity, bot) || isOwnCommand(marked, entity, bot)) ||
    isReplyToBot(message, bot)
  );
}

/** Whether a message opens with a command that names another bot. */
export function isCommandForOther(marked: MarkedText, bot: TelegramBot): boolean {
  return marked.entities.some((entity) => {
    const named = commandOf(marked, entity);
    return entity.offset === 0 && named !== null && named.bot !== null && !isName(named.bot, bot);
  });
}

/** The text without the bot's own name: a leading mention, and `@bot` behind a leading command. */
export function withoutOwnName(marked: MarkedText, bot: TelegramBot): string {
  const mention = marked.entities.find(
    (entity) => isOwnMention(marked, entity, bot) && marked.text.slice(0, entity.offset).trim() === "",
  );
  const rest =
    mention === undefined
      ? marked.text
      : marked.text.slice(mention.offset + mention.length).replace(/^(?:\s|[,:](?=\s|$))+/u, "");
  return rest.replace(COMMAND_WITH_BOT, (all, command: string, name: string) => (isName(name, bot) ? command : all));
}

/** A message of a topic carries the topic's creation as what it replies to, unless it replies to something else. */
export function isTopicCreation({ reply_to_message: replied, message_thread_id, is_topic_message }: Message): boolean {
  if (replied === undefined) return false;
  if (replied.forum_topic_created !== undefined) return true;
  return is_topic_message === true && replied.message_id === message_thread_id;
}

function isReplyToBot(message: Message, bot: TelegramBot): boolean {
  return message.reply_to_message?.from?.id === bot.id && !isTopicCreation(message);
}

function isOwnMention(marked: MarkedText, entity: Entity, bot: TelegramBot): boolean {
  if (entity.type === "text_mention") return entity.user?.id === bot.id;
  return entity.type === "mention" && isName(textOf(marked, entity).slice(1), bot);
}

/** In a group a bare command is for every bot that gets to see it, but only where it opens the message: `look at /etc` is none. */
function isOwnCommand(marked: MarkedText, entity: Entity, bot: TelegramBot): boolean {
  const command = commandOf(marked, entity);
  if (command === null) return false;
  return command.bot === null ? entity.offset === 0 : isName(command.bot, bot);
}

function commandOf(marked: MarkedText, entity: Entity): { readonly bot: string | null } | null {
  if (entity.type !== "bot_command") return null;
  return { bot: NAMED_COMMAND.exec(textOf(marked, entity))?.[1] ?? null };
}

function textOf({ text }: MarkedText, { offset, length }: Entity): string {
  return text.slice(offset, offset + length);
}

function isName(name: string, bot: TelegramBot): boolean {
  return name.toLowerCase() === bot.username.toLowerCase();
}

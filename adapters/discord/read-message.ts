import { MessageReferenceType, MessageType } from "discord.js";
import type { Addressed, InboundMessage, RepliedMessage } from "../../src/message/message.ts";
import type { ChatType } from "../../src/session/source.ts";
import { type Channel, chatTypeOf, hasThreads } from "./channel.ts";
import type { MemberPayload, MessagePayload } from "./payload.ts";
import type { IgnoredWhy, ReadContext, Reading } from "./read.ts";
import { readAttachments } from "./read-attachments.ts";
import { mentions, nameOf, type OwnNames, readableText, readSaid } from "./read-text.ts";

/** Longest beginning of a message that somebody replied to, in UTF-16 units. */
const MAX_QUOTE_LENGTH = 500;
/** A text this long may have been cut off, and its rest may follow: what an account without Nitro can write. */
const FULL_TEXT_LENGTH = 2000;

/** Why a message of this author and type is nothing for the bot; null when it may be. */
export function whyIgnored(message: MessagePayload, botId: string): IgnoredWhy | null {
  if (message.author.id === botId) return "own_message";
  if (message.webhook_id) return "webhook";
  if (message.author.bot === true) return "other_bot";
  if (message.type === MessageType.ThreadStarterMessage) return "thread_starter";
  const isSaid = message.type === MessageType.Default || message.type === MessageType.Reply;
  return !isSaid || message.author.system === true ? "system_message" : null;
}

/** Reads what somebody wrote. */
export function readMessage(payload: MessagePayload, context: ReadContext): Reading {
  const why = whyIgnored(payload, context.botId);
  if (why !== null) return { kind: "ignored", why };
  const channel = context.channel(payload.channel_id);
  const guildId = payload.guild_id ?? channel?.guildId ?? null;
  const channelType = payload.channel_type ?? channel?.type ?? null;
  const chatType = chatTypeOf(channelType, guildId !== null);
  const text = textOf(payload, context);
  const attachments = [payload, ...snapshotsOf(payload)].flatMap(readAttachments);
  if (text === "" && attachments.length === 0) {
    const hasNothing = chatType !== "dm" && (payload.embeds ?? []).length === 0;
    return { kind: "ignored", why: hasNothing ? "no_content" : "empty" };
  }
  const { author, member } = payload;
  const replyTo = replyOf(payload, context);
  const message: InboundMessage = {
    source: sourceOf({ channelId: payload.channel_id, channel, chatType, guildId, author, member, context }),
    messageId: payload.id,
    text,
    attachments,
    addressed: addressedOf(payload, chatType, context),
    ...(replyTo === null ? {} : { replyTo }),
    ...(member ? { roleIds: member.roles } : {}),
    ...((payload.content ?? "").length >= FULL_TEXT_LENGTH ? { waitsForMore: true } : {}),
  };
  const mayOpenThread = hasThreads(channelType) && guildId !== null && mentions(payload.content ?? "", context);
  return { kind: "message", message, mayOpenThread };
}

/** The text of a message, whatever form it has: written, forwarded, a sticker, a poll. */
export function textOf(payload: MessagePayload, context: ReadContext): string {
  const channelName = (id: string) => context.channel(id)?.name ?? null;
  const own = readSaid(payload, context, channelName);
  const forwarded = snapshotsOf(payload).map((said) => `[Forwarded]\n${readSaid(said, context, channelName)}`);
  return [...(own === "" ? [] : [own]), ...forwarded].join("\n").trim();
}

/** Where a message or an interaction comes from. */
export function sourceOf(from: {
  readonly channelId: string;
  readonly channel: Channel | undefined;
  readonly chatType: ChatType;
  readonly guildId: string | null;
  readonly author: MessagePayload["author"];
  readonly member: MemberPayload | null | undefined;
  readonly context: ReadContext;
}): InboundMessage["source"] {
  const isThread = from.chatType === "thread";
  return {
    platform: "discord",
    account: from.context.account,
    chatType: from.chatType,
    chatId: from.channelId,
    threadId: isThread ? from.channelId : null,
    userId: from.author.id,
    userIdAlt: null,
    workspaceId: from.guildId,
    parentChatId: isThread ? (from.channel?.parentId ?? null) : null,
    userName: nameOf(from.author, from.member?.nick),
    chatName: from.chatType === "dm" ? null : (from.channel?.name ?? null),
    chatTopic: from.channel?.topic ?? null,
    chatIdAlt: null,
  };
}

function snapshotsOf(payload: MessagePayload) {
  if (payload.message_reference?.type !== MessageReferenceType.Forward) return [];
  return (payload.message_snapshots ?? []).map(({ message }) => message);
}

function addressedOf(payload: MessagePayload, chatType: ChatType, names: OwnNames): Addressed {
  if (chatType === "dm") return "yes";
  const { botId } = names;
  const isMentioned = mentions(payload.content ?? "", names) || (payload.mentions ?? []).some(({ id }) => id === botId);
  const repliesToBot = payload.type === MessageType.Reply && payload.referenced_message?.author.id === botId;
  if (isMentioned || repliesToBot) return "yes";
  return chatType === "thread" ? "if_taking_part" : "no";
}

function replyOf(payload: MessagePayload, context: ReadContext): RepliedMessage | null {
  const messageId = payload.message_reference?.message_id;
  if (payload.type !== MessageType.Reply || !messageId) return null;
  const replied = payload.referenced_message;
  // It was deleted, or Discord did not look it up.
  if (!replied) return { messageId, userName: null, text: null };
  const text = readableText(replied.content ?? "", replied.mentions, (id) => context.channel(id)?.name ?? null);
  const beginning = text.slice(0, MAX_QUOTE_LENGTH).toWellFormed();
  return { messageId, userName: nameOf(replied.author, null), text: beginning === "" ? null : beginning };
}

import type { Addressed } from "../../src/message/message.ts";
import type { Bot } from "./bot.ts";
import type { ConversationKind } from "./known-names.ts";
import type { MessageContent, MessageEvent, SlackBody } from "./payload.ts";
import { conversationKindOf, conversationKindOfName, sourceOf } from "./place.ts";
import { mentions, plainText } from "./plain-text.ts";
import type { IgnoredReason, Reading, ReadOptions } from "./read.ts";
import { linkedFiles, readFiles } from "./read-files.ts";

/** Subtypes that somebody said; all others tell what happened (docs.slack.dev/reference/events/message#subtypes). */
const SPOKEN_SUBTYPES = new Set(["", "file_share", "me_message", "thread_broadcast"]);
/** Slack's own assistant bot, which has no `bot_id`. */
const SLACKBOT_ID = "USLACKBOT";

/** Reads a `message` or `app_mention` event; a mention comes as both, with one `ts`, and reads the same twice. */
export function readMessage(
  { event, teamId, appId }: Extract<SlackBody, { kind: "event" }>,
  bot: Bot,
  options: ReadOptions,
): Reading {
  if (event.subtype === "message_changed") return readEdit(event, bot, appId, options);
  if (event.subtype === "message_deleted") return { kind: "ignored", why: "deleted" };
  const why = unspoken(event, bot, appId);
  if (why !== null) return { kind: "ignored", why };

  const attachments = readFiles(event.files);
  const text = textOf(event, bot, options);
  const isMention = event.type === "app_mention" || mentions(event.text ?? "", bot.userId);
  if (text === "" && attachments.length === 0 && !isMention) return { kind: "ignored", why: "empty" };

  const kind = kindOf(event, options);
  const source = sourceOf(
    {
      kind,
      chatId: event.channel,
      ts: event.ts,
      threadTs: event.thread_ts,
      opensThread: kind === "channel" && isMention && options.replyInThread,
      userId: event.user ?? "",
      teamId,
    },
    options,
  );
  return {
    kind: "message",
    message: {
      source,
      messageId: event.ts,
      // A bare mention asks for attention: it is all that was said.
      text: text === "" && attachments.length === 0 ? `@${bot.name}` : text,
      attachments,
      addressed: addressed(event, bot, kind, isMention),
    },
  };
}

function readEdit(event: MessageEvent, bot: Bot, appId: string | null, options: ReadOptions): Reading {
  const { message, previous_message: before } = event;
  if (!message) return { kind: "ignored", why: "service_message" };
  const why = unspoken({ ...message, hidden: false }, bot, appId);
  if (why !== null) return { kind: "ignored", why: why === "own_message" ? "own_edit" : why };
  // Slack shows a link's preview by changing the message that has the link.
  if ((before?.text ?? "") === (message.text ?? "")) return { kind: "ignored", why: "unchanged_edit" };
  return { kind: "edited", chatId: event.channel, messageId: message.ts, text: textOf(message, bot, options) };
}

/** Why this is nothing that a person said; null when it is. */
function unspoken(content: MessageContent, bot: Bot, appId: string | null): IgnoredReason | null {
  if (isOwn(content, bot, appId)) return "own_message";
  if (content.hidden) return "hidden";
  if (content.bot_id || content.subtype === "bot_message" || content.user === SLACKBOT_ID) return "other_bot";
  if (!content.user || !SPOKEN_SUBTYPES.has(content.subtype ?? "")) return "service_message";
  return null;
}

function isOwn({ user, bot_id, app_id }: MessageContent, bot: Bot, appId: string | null): boolean {
  return user === bot.userId || (Boolean(bot_id) && bot_id === bot.botId) || (Boolean(app_id) && app_id === appId);
}

function textOf({ text, attachments, files }: MessageContent, bot: Bot, { names }: ReadOptions): string {
  const said = plainText(text ?? "", bot.userId, names).trim();
  const forwarded = (attachments ?? [])
    .filter((shared) => shared.is_share && shared.text)
    .map(({ author_name, text: quoted }) => {
      const lines = plainText(quoted ?? "", bot.userId, names).split("\n");
      return [`Forwarded${author_name ? ` from ${author_name}` : ""}:`, ...lines.map((line) => `> ${line}`)].join("\n");
    });
  return [said, ...forwarded, ...linkedFiles(files)].filter((part) => part !== "").join("\n\n");
}

function kindOf(event: MessageEvent, { names }: ReadOptions): ConversationKind {
  // `app_mention` does not say where it is, and ids don't tell a group from a channel.
  return (
    conversationKindOf(event.channel_type) ??
    names.chat(event.channel)?.kind ??
    conversationKindOfName(event.channel, null)
  );
}

function addressed(event: MessageEvent, bot: Bot, kind: ConversationKind, isMention: boolean): Addressed {
  if (kind === "dm" || isMention) return "yes";
  if (!event.thread_ts || event.thread_ts === event.ts) return "no";
  return event.parent_user_id === bot.userId ? "yes" : "if_taking_part";
}

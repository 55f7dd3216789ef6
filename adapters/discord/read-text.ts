import type { MentionedPayload, SaidPayload, UserPayload } from "./payload.ts";

/** What Discord writes for what people see as a name (discord.com/developers/docs/reference#message-formatting). */
const REFERENCE = /<@!?(\d+)>|<@&(\d+)>|<#(\d+)>|<a?:(\w+):\d+>|<\/([^:<>]+):\d+>/g;
const LEADING_MENTION = /^\s*<@(?:!?(\d+)|&(\d+))>\s*[,:]?\s*/;

/** What names the bot in a text. */
export interface OwnNames {
  readonly botId: string;
  /** Roles that stand for it; absent for none. */
  readonly mentionRoles?: readonly string[];
}

/** Looks up the name of a channel; null when it is not known. */
export type ChannelName = (channelId: string) => string | null;

/** What somebody is called: here, else everywhere, else by their account. */
export function nameOf(user: UserPayload, nick: string | null | undefined): string | null {
  return nick || user.global_name || user.username || null;
}

/** The text as people see it: names for mentions, channels, emoji and commands. A timestamp stays as it is: its look depends on the reader. */
export function readableText(
  content: string,
  mentions: readonly MentionedPayload[] | undefined,
  channelName: ChannelName,
): string {
  if (!content.includes("<")) return content;
  return content.replace(REFERENCE, (whole, userId, roleId, channelId, emoji, command) => {
    if (userId !== undefined) {
      const user = mentions?.find(({ id }) => id === userId);
      return user === undefined ? whole : `@${nameOf(user, user.member?.nick) ?? userId}`;
    }
    if (roleId !== undefined) return "@role";
    if (channelId !== undefined) {
      const name = channelName(channelId);
      return name === null ? whole : `#${name}`;
    }
    return emoji === undefined ? `/${command}` : `:${emoji}:`;
  });
}

/** Everything a message says in words: its text without the bot's mention in front, its stickers and its poll. */
export function readSaid(said: SaidPayload, names: OwnNames, channelName: ChannelName): string {
  const content = said.content ?? "";
  const [whole = "", userId, roleId] = LEADING_MENTION.exec(content) ?? [];
  const isOwn = userId === names.botId || (roleId !== undefined && names.mentionRoles?.includes(roleId) === true);
  const rest = isOwn ? content.slice(whole.length) : content;
  // A mention and nothing else is still something said: it stays.
  const text = readableText(rest.trim() === "" ? content : rest, said.mentions, channelName);
  const parts = text.trim() === "" ? [] : [text];
  for (const { name } of said.sticker_items ?? []) parts.push(`[Sticker: ${name}]`);
  if (said.poll) {
    const answers = said.poll.answers.map(({ poll_media }) => `- ${poll_media.text ?? "(no text)"}`);
    parts.push([`[Poll] ${said.poll.question.text ?? ""}`, ...answers].join("\n"));
  }
  return parts.join("\n");
}

/** Whether the text itself names the bot, as against a reply that pings it. */
export function mentions(content: string, { botId, mentionRoles = [] }: OwnNames): boolean {
  if (content.includes(`<@${botId}>`) || content.includes(`<@!${botId}>`)) return true;
  return mentionRoles.some((roleId) => content.includes(`<@&${roleId}>`));
}

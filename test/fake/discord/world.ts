import { isAfter, snowflakes } from "./snowflakes.ts";

/** Somebody, as payloads tell of them. */
export interface FakeUser {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly bot?: true;
}

/** A channel, a direct chat or a thread; threads have the channel above as `parent_id`. */
export interface FakeChannel {
  readonly id: string;
  readonly type: number;
  readonly guild_id?: string;
  readonly name?: string;
  readonly topic?: string;
  readonly parent_id?: string;
  /** What it changes for a role or somebody, as decimal numbers; threads have none. */
  readonly permission_overwrites?: readonly { readonly id: string; readonly allow: string; readonly deny: string }[];
  last_message_id: string | null;
}

/** A message as the API tells it: without the guild, the member and the type of its channel, which only the gateway adds. */
export interface FakeMessage {
  readonly id: string;
  readonly type: number;
  readonly channel_id: string;
  readonly author: FakeUser;
  content: string;
  readonly timestamp: string;
  edited_timestamp: string | null;
  flags: number;
  readonly mentions: readonly FakeUser[];
  readonly attachments: readonly unknown[];
  readonly embeds: readonly unknown[];
  components: readonly unknown[];
  readonly [more: string]: unknown;
}

/** What a role allows in a guild; the one with the guild's id is everybody's. */
export interface FakeRole {
  readonly id: string;
  readonly permissions: string;
}

/** View Channel, Send Messages, Send Messages in Threads: what everybody may do in a guild that says nothing else. */
const USUAL_PERMISSIONS = String((1n << 10n) | (1n << 11n) | (1n << 38n));

/** What somebody is in a guild. */
export interface FakeMember {
  readonly nick: string | null;
  readonly roles: readonly string[];
}

/** Messages kept of a channel: a benchmark must not fill the memory. */
const MAX_HISTORY = 5_000;

/** Guilds, channels, people and what was said. */
export type World = ReturnType<typeof makeWorld>;

/** Makes a world with a bot in it, and nothing else. */
export function makeWorld(nowMs: () => number) {
  const newId = snowflakes(nowMs);
  const bot: FakeUser = { id: newId(), username: "parley", global_name: null, bot: true };
  const users = new Map<string, FakeUser>([[bot.id, bot]]);
  const guilds = new Map<string, { readonly id: string; readonly name: string }>();
  const channels = new Map<string, FakeChannel>();
  const history = new Map<string, FakeMessage[]>();
  const members = new Map<string, FakeMember>();
  const roles = new Map<string, readonly FakeRole[]>();

  const historyOf = (channelId: string): FakeMessage[] => {
    const messages = history.get(channelId) ?? [];
    history.set(channelId, messages);
    return messages;
  };

  return {
    newId,
    nowMs,
    bot,
    applicationId: bot.id,
    users,
    guilds,
    channels,
    addUser(username: string, globalName: string | null = null): FakeUser {
      const user = { id: newId(), username, global_name: globalName };
      users.set(user.id, user);
      return user;
    },
    addGuild(name: string): string {
      const id = newId();
      guilds.set(id, { id, name });
      return id;
    },
    addChannel(about: Omit<FakeChannel, "id" | "last_message_id"> & { readonly id?: string }): FakeChannel {
      const channel: FakeChannel = { ...about, id: about.id ?? newId(), last_message_id: null };
      channels.set(channel.id, channel);
      return channel;
    },
    setMember(guildId: string, userId: string, member: FakeMember): void {
      members.set(`${guildId}/${userId}`, member);
    },
    setRoles: (guildId: string, all: readonly FakeRole[]) => void roles.set(guildId, all),
    rolesOf: (guildId: string) => roles.get(guildId) ?? [{ id: guildId, permissions: USUAL_PERMISSIONS }],
    memberOf: (guildId: string, userId: string): FakeMember =>
      members.get(`${guildId}/${userId}`) ?? { nick: null, roles: [] },
    addMessage(
      about: { readonly channelId: string; readonly author: FakeUser; readonly content: string },
      more: Readonly<Record<string, unknown>> = {},
    ): FakeMessage {
      const { channelId, author, content } = about;
      const message: FakeMessage = {
        id: newId(),
        type: 0,
        channel_id: channelId,
        author,
        content,
        timestamp: new Date(nowMs()).toISOString(),
        edited_timestamp: null,
        tts: false,
        flags: 0,
        mention_everyone: false,
        mentions: mentionedIn(content, users),
        mention_roles: [],
        attachments: [],
        embeds: [],
        pinned: false,
        components: [],
        ...more,
      };
      const messages = historyOf(channelId);
      messages.push(message);
      if (messages.length > MAX_HISTORY) messages.shift();
      const channel = channels.get(channelId);
      if (channel !== undefined) channel.last_message_id = message.id;
      return message;
    },
    findMessage: (channelId: string, messageId: string) => historyOf(channelId).find(({ id }) => id === messageId),
    removeMessage(channelId: string, messageId: string): void {
      const messages = historyOf(channelId);
      const at = messages.findIndex(({ id }) => id === messageId);
      if (at >= 0) messages.splice(at, 1);
    },
    /** Newest first, as the API answers; `after` gives those that follow it. */
    readHistory(
      channelId: string,
      asked: { after: string | null; before: string | null; limit: number },
    ): FakeMessage[] {
      const { after, before, limit } = asked;
      const all = historyOf(channelId);
      if (after !== null) {
        return all
          .filter(({ id }) => isAfter(id, after))
          .slice(0, limit)
          .reverse();
      }
      const until = before === null ? all : all.filter(({ id }) => isAfter(before, id));
      return until.slice(-limit).reverse();
    },
    /** The message as the gateway tells it. */
    asEvent(message: FakeMessage): Record<string, unknown> {
      const channel = channels.get(message.channel_id);
      if (channel?.guild_id === undefined) return { ...message, channel_type: channel?.type ?? 1 };
      const { bot: isBot, id } = message.author;
      const member =
        isBot === true
          ? { nick: null, roles: [] }
          : (members.get(`${channel.guild_id}/${id}`) ?? { nick: null, roles: [] });
      return { ...message, guild_id: channel.guild_id, channel_type: channel.type, member };
    },
  };
}

function mentionedIn(content: string, users: ReadonlyMap<string, FakeUser>): FakeUser[] {
  if (!content.includes("<@")) return [];
  const ids = new Set([...content.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? ""));
  return [...ids].flatMap((id) => users.get(id) ?? []);
}

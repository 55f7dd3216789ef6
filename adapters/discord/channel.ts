import { ChannelType } from "discord.js";
import type { ChatType } from "../../src/session/source.ts";
import type { ChannelPayload } from "./payload.ts";

/** What is known of a channel or a thread. */
export interface Channel {
  readonly type: number;
  readonly name: string | null;
  readonly topic: string | null;
  /** The channel a thread hangs in; for channels their category. */
  readonly parentId: string | null;
  readonly guildId: string | null;
}

/** A channel of a payload; `guildId` is the guild whose payload carried it, since channels inside one don't name it. */
export function channelOf(payload: ChannelPayload, guildId: string | null): Channel {
  return {
    type: payload.type,
    name: payload.name || null,
    topic: payload.topic || null,
    parentId: payload.parent_id ?? null,
    guildId: payload.guild_id ?? guildId,
  };
}

/** What kind of chat a channel type is; null when the type is not known, and then the guild decides. */
export function chatTypeOf(channelType: number | null, isInGuild: boolean): ChatType {
  switch (channelType) {
    case ChannelType.DM:
      return "dm";
    case ChannelType.GroupDM:
      return "group";
    case ChannelType.AnnouncementThread:
    case ChannelType.PublicThread:
    case ChannelType.PrivateThread:
      return "thread";
    default:
      return isInGuild ? "channel" : "dm";
  }
}

/** Whether a message in such a channel can have a thread opened from it. */
export function hasThreads(channelType: number | null): boolean {
  return channelType === ChannelType.GuildText || channelType === ChannelType.GuildAnnouncement;
}

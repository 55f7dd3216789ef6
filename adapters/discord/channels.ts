import { Routes } from "discord.js";
import type { Clock } from "../../src/clock/clock.ts";
import { type Channel, channelOf } from "./channel.ts";
import { type ChannelPayload, channelPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";

/** Channels remembered, those known longest forgotten first: a few hundred bytes each, and Discord is asked again. */
const MAX_CHANNELS = 10_000;
/** After a look-up that failed nobody asks again for this long. */
const RETRY_MS = 60_000;
/** Look-ups that failed and are remembered. */
const MAX_FAILED = 1_000;

/** What is known of channels and threads: from the gateway, else from the API. */
export interface Channels {
  known(channelId: string): Channel | undefined;
  /** Looks a channel up; undefined when that fails, which costs no message. Never rejects. */
  load(channelId: string): Promise<Channel | undefined>;
  /** Learns from an event of the gateway, whichever it is, and returns the threads a guild told of. */
  learn(event: string, data: unknown): readonly ChannelPayload[];
}

/** Opens it, empty. */
export function openChannels(rest: Rest, clock: Clock): Channels {
  const channels = new Map<string, Channel>();
  const failedAtMs = new Map<string, number>();
  const underWay = new Map<string, Promise<Channel | undefined>>();

  const put = (payload: ChannelPayload, guildId: string | null): Channel => {
    const channel = channelOf(payload, guildId);
    channels.delete(payload.id);
    channels.set(payload.id, channel);
    failedAtMs.delete(payload.id);
    dropOldest(channels, MAX_CHANNELS);
    return channel;
  };

  const putAll = (list: unknown, guildId: string | null): ChannelPayload[] => {
    if (!Array.isArray(list)) return [];
    return list.flatMap((item: unknown) => {
      const parsed = channelPayload.safeParse(item);
      if (!parsed.success) return [];
      put(parsed.data, guildId);
      return [parsed.data];
    });
  };

  const ask = async (channelId: string): Promise<Channel | undefined> => {
    try {
      return put(channelPayload.parse(await rest.call("get", Routes.channel(channelId))), null);
    } catch {
      // Without it a message merely lacks a name, or the channel above its thread.
      failedAtMs.set(channelId, clock.monotonicMs());
      dropOldest(failedAtMs, MAX_FAILED);
      return undefined;
    } finally {
      underWay.delete(channelId);
    }
  };

  return {
    known: (channelId) => channels.get(channelId),
    async load(channelId) {
      const known = channels.get(channelId);
      if (known !== undefined) return known;
      const failed = failedAtMs.get(channelId);
      if (failed !== undefined && clock.monotonicMs() - failed < RETRY_MS) return undefined;
      const asking = underWay.get(channelId) ?? ask(channelId);
      underWay.set(channelId, asking);
      return asking;
    },
    learn(event, data) {
      if (typeof data !== "object" || data === null) return [];
      switch (event) {
        case "GUILD_CREATE": {
          const guildId = "id" in data && typeof data.id === "string" ? data.id : null;
          putAll("channels" in data ? data.channels : [], guildId);
          return putAll("threads" in data ? data.threads : [], guildId);
        }
        case "CHANNEL_CREATE":
        case "CHANNEL_UPDATE":
        case "THREAD_CREATE":
        case "THREAD_UPDATE":
          putAll([data], null);
          return [];
        case "CHANNEL_DELETE":
        case "THREAD_DELETE":
          if ("id" in data && typeof data.id === "string") channels.delete(data.id);
          return [];
        default:
          return [];
      }
    },
  };
}

function dropOldest(map: Map<string, unknown>, limit: number): void {
  if (map.size <= limit) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}

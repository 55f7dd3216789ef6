import type { Clock } from "../../src/clock/clock.ts";
import type { AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import { openCatchUp } from "./catch-up.ts";
import { openChannels } from "./channels.ts";
import type { ContentSight } from "./content-sight.ts";
import type { Interactions } from "./interactions.ts";
import { openLanes } from "./lanes.ts";
import { openMembers } from "./members.ts";
import { type ReadContext, type Reading, readDispatch } from "./read.ts";
import type { Rest } from "./rest.ts";
import type { Self } from "./self.ts";
import { openTaker } from "./taker.ts";

/** How far back places are looked for: what was said longer ago is not answered any more. */
const RECENT_MS = 24 * 3_600_000;

const tooMany = {
  kind: "refused",
  reason: "queue_full",
  message: "Too many messages are waiting here. Please try again later.",
} as const;

/** Reads events and hands them over to the core, in order per channel. */
export interface Reader {
  /** An event of the gateway. */
  dispatch(event: string, data: unknown): void;
  /** Reads nothing more, and resolves when what is being handed over is stored or given up. */
  stop(): Promise<void>;
}

/** Opens it. */
export function openReader(options: {
  readonly account: string;
  readonly rest: Rest;
  readonly self: Self;
  readonly interactions: Interactions;
  readonly autoThread: boolean;
  readonly mentionRoles: readonly string[];
  readonly clock: Clock;
  readonly events: AdapterEvents;
  readonly sight: ContentSight;
  readonly intake: Intake;
  /** Whether a command of this name is answered to its sender alone. */
  readonly isPrivateCommand: (name: string) => boolean;
}): Reader {
  const { account, rest, self, interactions, autoThread, mentionRoles, clock, events, sight, intake } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const channels = openChannels(rest, clock);
  const loadMember = openMembers(rest);
  const take = openTaker({ rest, clock, intake, interactions, autoThread, events, sight, signal });
  /** Channels that something had to be left out of, each with the first such message. */
  const gaps = new Map<string, string>();
  const lanes = openLanes({
    onFailure: (error) => events.warning("an event of Discord could not be read", error),
    onIdle(channelId) {
      const from = gaps.get(channelId);
      if (from === undefined) return;
      gaps.delete(channelId);
      catchUp.readAgain(channelId, from);
    },
  });

  const context = (botId: string): ReadContext => ({ account, botId, mentionRoles, channel: channels.known });

  const takeEvent = async (event: string, data: unknown, botId: string): Promise<void> => {
    const { channelId, guildId } = placeOf(data);
    // In a direct message there is nothing to look up, and most channels are known from the start.
    if (channelId !== null && guildId !== null && channels.known(channelId) === undefined)
      await channels.load(channelId);
    await take(readDispatch(event, data, context(botId)));
  };

  const takeFromHistory = async (channelId: string, message: Readonly<Record<string, unknown>>): Promise<void> => {
    const botId = await self.loadBotId();
    const channel = await channels.load(channelId);
    const guildId = channel?.guildId ?? null;
    const whole = { ...message, channel_id: channelId, ...(guildId === null ? {} : { guild_id: guildId }) };
    const reading = readDispatch("MESSAGE_CREATE", whole, context(botId));
    const userId = reading.kind === "message" ? reading.message.source.userId : null;
    if (reading.kind !== "message" || reading.message.addressed === "no" || guildId === null || userId === null) {
      await take(reading);
      return;
    }
    // Who may speak can depend on roles, which history does not tell.
    const member = await loadMember(guildId, userId);
    await take(readDispatch("MESSAGE_CREATE", { ...whole, member }, context(botId)));
  };

  const catchUp = openCatchUp({
    rest,
    clock,
    lanes,
    channels,
    takeFromHistory,
    autoThread,
    signal,
    onGap: (error) => events.warning("what was said while disconnected could not be read in a channel", error),
  });

  const read = (event: string, data: unknown) => {
    const botId = self.botId();
    const { channelId, messageId } = placeOf(data);
    if (botId === null || channelId === null) return;
    if (lanes.run(channelId, () => takeEvent(event, data, botId)) || signal.aborted) return;
    // An edit that does not fit is dropped: its message is far from its turn, or had it.
    if (event !== "MESSAGE_CREATE" || messageId === null || gaps.has(channelId)) return;
    gaps.set(channelId, messageId);
    events.warning("too many messages wait in a channel: the rest is read from its history later");
  };

  const isForSenderAlone = ({ kind, message }: Extract<Reading, { readonly kind: "command" | "callback" }>) => {
    if (message.source.chatType === "dm") return false;
    if (kind === "callback") return message.isOpenPress !== true;
    return options.isPrivateCommand(/^\/(\S+)/.exec(message.text)?.[1] ?? "");
  };

  const readInteraction = (data: unknown) => {
    const botId = self.botId();
    const { channelId } = placeOf(data);
    if (botId === null || channelId === null) return;
    const reading = readDispatch("INTERACTION_CREATE", data, context(botId));
    const isPress = reading.kind === "command" || reading.kind === "callback";
    // Its time runs from now on, however long it has to wait for what came before it.
    if (isPress) interactions.arrived(reading.interaction, isForSenderAlone(reading));
    if (lanes.run(channelId, () => takeEvent("INTERACTION_CREATE", data, botId)) || !isPress) return;
    void interactions.decided(reading.interaction, tooMany);
  };

  return {
    dispatch(event, data) {
      if (signal.aborted) return;
      switch (event) {
        case "READY":
          self.learn(data);
          catchUp.begin(intake.recentPlaces(clock.nowMs() - RECENT_MS));
          return;
        case "MESSAGE_CREATE":
        case "MESSAGE_UPDATE":
          read(event, data);
          return;
        case "INTERACTION_CREATE":
          readInteraction(data);
          return;
        case "MESSAGE_DELETE":
        case "MESSAGE_DELETE_BULK":
          events.ignored("deleted");
          return;
        default:
          catchUp.threadsSeen(channels.learn(event, data));
      }
    },
    async stop() {
      stopping.abort();
      await lanes.stop();
    },
  };
}

/** Where an event happened, before it is read. */
function placeOf(data: unknown): { channelId: string | null; guildId: string | null; messageId: string | null } {
  const text = (name: string) => {
    const value: unknown = typeof data === "object" && data !== null ? Reflect.get(data, name) : null;
    return typeof value === "string" ? value : null;
  };
  return { channelId: text("channel_id"), guildId: text("guild_id"), messageId: text("id") };
}

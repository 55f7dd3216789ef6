import type { Clock } from "../../src/clock/clock.ts";
import type { PrivateAddresses } from "../../src/media/public-address.ts";
import type { Adapter, AdapterEvents } from "../../src/platform/adapter.ts";
import { canPost } from "./can-post.ts";
import { openContentSight } from "./content-sight.ts";
import { fetchFile } from "./fetch-file.ts";
import { findPost } from "./find-post.ts";
import { splitForDiscord } from "./format.ts";
import { openGateway } from "./gateway.ts";
import { openInteractions } from "./interactions.ts";
import { notes } from "./notes.ts";
import { publishCommands } from "./publish-commands.ts";
import { openReader, type Reader } from "./reader.ts";
import { openRest } from "./rest.ts";
import { openSelf } from "./self.ts";
import { channelIdOf, openSender } from "./send.ts";
import { openTyping } from "./typing.ts";

/** What a Discord bot is made of. */
export interface DiscordOptions {
  readonly account: string;
  readonly token: string;
  /** `https://discord.com/api`, or a server of one's own; without a version. */
  readonly apiUrl: string;
  /** Whether a mention in a channel opens a thread, to which it then belongs. */
  readonly autoThread: boolean;
  /** Ids of roles whose mention means the bot. Absent: none. */
  readonly mentionRoles?: readonly string[];
  readonly clock: Clock;
  readonly events: AdapterEvents;
  /** Sets this installation apart from others with the same bot, so that no post of one is taken for one of the other. */
  readonly nonceSeed?: string;
  /** Whether files may lie in private networks besides the server at `apiUrl`. Absent: no. */
  readonly privateAddresses?: PrivateAddresses;
}

/** One Discord bot: the gateway for what people say, the REST API for what the bot says. */
export function discordAdapter(options: DiscordOptions): Adapter {
  const { account, token, apiUrl, autoThread, mentionRoles = [], clock, events, nonceSeed = "" } = options;
  const rest = openRest({ token, apiUrl, clock });
  const self = openSelf(rest);
  const interactions = openInteractions({ rest, clock, onTrouble: (detail, error) => events.warning(detail, error) });
  const sender = openSender({ rest, interactions, account, nonceSeed });
  const typing = openTyping(rest, clock);
  const sight = openContentSight();
  let reader: Reader | null = null;
  let privateCommands: ReadonlySet<string> = new Set();
  const gateway = openGateway({
    token,
    apiUrl,
    clock,
    events: { ...events, dispatch: (event, data) => reader?.dispatch(event, data) },
  });

  return {
    platform: "discord",
    account,
    notes,
    async start(intake) {
      const isPrivateCommand = (name: string) => privateCommands.has(name);
      reader = openReader({
        account,
        rest,
        self,
        interactions,
        autoThread,
        mentionRoles,
        clock,
        events,
        sight,
        intake,
        isPrivateCommand,
      });
      await gateway.start();
    },
    send(message) {
      typing.cancel(message.threadId ?? message.chatId);
      return sender.send(message);
    },
    async stop() {
      await reader?.stop();
    },
    async close() {
      await gateway.close();
      interactions.close();
      rest.close();
    },
    health() {
      const health = gateway.health();
      const advice = sight.advice();
      return health.connected && advice !== null ? { ...health, detail: `${health.detail}; ${advice}` } : health;
    },
    split: splitForDiscord,
    edit: (edit) => sender.edit(edit),
    findPost: (message) => findPost(message, { rest, clock, interactions, loadBotId: self.loadBotId }),
    async typing(place) {
      // A command that waits for its answer says so itself.
      if (!interactions.isThinking(place.messageId)) await typing.show(channelIdOf(place));
    },
    async typingDone(place) {
      typing.cancel(place.threadId ?? place.chatId);
    },
    canPost: (place, signal) => canPost({ rest, self }, place, signal),
    async publishCommands(commands) {
      privateCommands = new Set(commands.filter(({ isPrivate }) => isPrivate === true).map(({ name }) => name));
      await publishCommands(rest, await self.loadApplicationId(), commands);
    },
    fetchFile: (reference, signal) =>
      fetchFile(reference, signal, { apiUrl, privateAddresses: options.privateAddresses ?? "deny" }),
  };
}

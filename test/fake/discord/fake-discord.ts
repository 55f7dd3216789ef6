import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Faults, makeFaults } from "./faults.ts";
import { type GatewayServer, type GatewayTraits, makeGatewayServer } from "./gateway-server.ts";
import { makeInteractions } from "./interactions.ts";
import type { Deeds } from "./record.ts";
import { makeRestServer } from "./rest-server.ts";
import { makeRoutes } from "./routes.ts";
import { type FakeMember, type FakeMessage, type FakeUser, makeWorld, type World } from "./world.ts";

/** How somebody says something. */
export interface SaidBy {
  /** Absent: the world's first person, `ada`. */
  readonly user?: FakeUser;
  /** What they are in the guild, from now on. */
  readonly member?: FakeMember;
  /** The message it replies to. */
  readonly replyTo?: FakeMessage;
  /** Further fields of the message: `attachments`, `sticker_items`, … */
  readonly more?: Readonly<Record<string, unknown>>;
  /** True: it is in the history, and no event tells of it. */
  readonly isUnheard?: boolean;
}

/** A Discord of our own on 127.0.0.1: REST v10 and the gateway, one bot, and people who write to it. */
export interface FakeDiscord extends AsyncDisposable, Deeds {
  /** What an adapter takes as `apiUrl`. */
  readonly url: string;
  /** The bot's token; setting another one makes the old one invalid. */
  token: string;
  readonly bot: FakeUser;
  /** Somebody to write to the bot. */
  readonly ada: FakeUser;
  /** Guilds, channels, people and messages. */
  readonly world: World;
  readonly faults: Faults;
  /** Its connections: to drop, mute, invalidate. */
  readonly gateway: GatewayServer;
  readonly traits: GatewayTraits;
  /** A text channel in a guild; a new guild unless one is named. */
  addTextChannel(about?: { guildId?: string; name?: string; topic?: string }): string;
  /** A public thread in a channel. */
  addThread(parentId: string, name?: string): string;
  /** The direct chat with somebody; the same one each time. */
  openDm(user?: FakeUser): string;
  /** Somebody writes, and whoever is connected hears of it. */
  say(channelId: string, text: string, how?: SaidBy): FakeMessage;
  /** Somebody edits what they wrote. */
  edit(message: FakeMessage, text: string): void;
  /** Somebody uses a slash command; returns the interaction's id. */
  useCommand(channelId: string, name: string, values?: Readonly<Record<string, string>>, user?: FakeUser): string;
  /** Somebody presses a button; returns the interaction's id. */
  press(channelId: string, customId: string, user?: FakeUser, flags?: number): string;
  /** Tokens of interactions end. */
  expireInteractions(): void;
  /** Puts a file up for download and returns its address. */
  putFile(name: string, bytes: Uint8Array): string;
  /** What the bot posted in a channel, in order, as it stands now. */
  textsIn(channelId: string): string[];
  /** Hears of each post from now on. */
  onPost(listener: (text: string, channelId: string) => void): void;
}

/** Starts one on a free port. `nowMs` is what ids and time limits go by: the machine's clock unless given. */
export async function fakeDiscord(
  options: { readonly token?: string; readonly nowMs?: () => number; readonly heartbeatIntervalMs?: number } = {},
): Promise<FakeDiscord> {
  const { token = "discord-token", nowMs = Date.now, heartbeatIntervalMs = 41_250 } = options;
  const world = makeWorld(nowMs);
  const traits: GatewayTraits = {
    heartbeatIntervalMs,
    allowsMessageContent: true,
    identifyCloseCode: null,
    isDown: false,
  };
  const deeds: Deeds = { posts: [], edits: [], callbacks: [], followups: [], typing: [], calls: [], commands: [] };
  const faults = makeFaults();
  const files = new Map<string, Uint8Array>();
  const listeners: ((text: string, channelId: string) => void)[] = [];
  const onPost = (text: string, channelId: string) => {
    for (const listener of listeners) listener(text, channelId);
  };
  let port = 0;
  const gatewayUrl = () => `ws://127.0.0.1:${port}/gateway`;
  const tokenOf = () => fake.token;
  const gateway = makeGatewayServer({ world, traits, tokenOf, urlOf: gatewayUrl });
  const interactions = makeInteractions(world, deeds, onPost);
  const perform = makeRoutes({ world, gateway, deeds, interactions, onPost, gatewayUrl });
  const server = makeRestServer({
    perform,
    faults,
    tokenOf,
    isDown: () => traits.isDown,
    onCall(call) {
      if (deeds.calls.length >= 10_000) deeds.calls.length = 0;
      deeds.calls.push(call);
    },
    files,
  });
  server.on("upgrade", (request, tcp, head) => gateway.handleUpgrade(request, tcp, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;

  const ada = world.addUser("ada", "Ada L");
  const dms = new Map<string, string>();

  const interact = (channelId: string, about: Readonly<Record<string, unknown>>, user: FakeUser): string => {
    const channel = world.channels.get(channelId);
    const { id, token: answerToken } = interactions.begin(channelId);
    const guildId = channel?.guild_id;
    const who =
      guildId === undefined ? { user } : { guild_id: guildId, member: { ...world.memberOf(guildId, user.id), user } };
    const place = { channel_id: channelId, channel };
    const { applicationId: application_id } = world;
    gateway.dispatch("INTERACTION_CREATE", {
      id,
      application_id,
      token: answerToken,
      version: 1,
      ...place,
      ...who,
      ...about,
    });
    return id;
  };

  const fake: FakeDiscord = Object.assign(deeds, {
    url: `http://127.0.0.1:${port}/api`,
    token,
    bot: world.bot,
    ada,
    world,
    faults,
    gateway,
    traits,
    addTextChannel({ guildId = world.addGuild("guild"), name = "general", topic = "" } = {}) {
      const channel = world.addChannel({ type: 0, guild_id: guildId, name, topic });
      gateway.dispatch("CHANNEL_CREATE", channel);
      return channel.id;
    },
    addThread(parentId: string, name = "topic") {
      const guildId = world.channels.get(parentId)?.guild_id ?? "";
      const thread = world.addChannel({ type: 11, guild_id: guildId, parent_id: parentId, name });
      gateway.dispatch("THREAD_CREATE", thread);
      return thread.id;
    },
    openDm(user: FakeUser = ada) {
      const known = dms.get(user.id);
      if (known !== undefined) return known;
      const { id } = world.addChannel({ type: 1 });
      dms.set(user.id, id);
      return id;
    },
    say(channelId: string, text: string, how: SaidBy = {}) {
      const { user = ada, member, replyTo, more = {}, isUnheard = false } = how;
      const guildId = world.channels.get(channelId)?.guild_id;
      if (member !== undefined && guildId !== undefined) world.setMember(guildId, user.id, member);
      const reply =
        replyTo === undefined
          ? {}
          : { type: 19, message_reference: { type: 0, message_id: replyTo.id }, referenced_message: replyTo };
      const message = world.addMessage({ channelId, author: user, content: text }, { ...reply, ...more });
      if (!isUnheard) gateway.dispatch("MESSAGE_CREATE", world.asEvent(message));
      return message;
    },
    edit(message: FakeMessage, text: string) {
      message.content = text;
      message.edited_timestamp = new Date(nowMs()).toISOString();
      gateway.dispatch("MESSAGE_UPDATE", world.asEvent(message));
    },
    useCommand(channelId: string, name: string, values: Readonly<Record<string, string>> = {}, user: FakeUser = ada) {
      const given = Object.entries(values).map(([key, value]) => ({ name: key, type: 3, value }));
      return interact(channelId, { type: 2, data: { id: world.newId(), name, type: 1, options: given } }, user);
    },
    press(channelId: string, customId: string, user: FakeUser = ada, flags = 0) {
      const data = { custom_id: customId, component_type: 2 };
      return interact(channelId, { type: 3, data, message: { flags } }, user);
    },
    expireInteractions: () => interactions.expireAll(),
    putFile(name: string, bytes: Uint8Array) {
      files.set(`/attachments/${name}`, bytes);
      return `http://127.0.0.1:${port}/attachments/${name}`;
    },
    textsIn: (channelId: string) =>
      deeds.posts.filter((post) => post.channelId === channelId).map(({ content }) => content),
    onPost: (listener: (text: string, channelId: string) => void) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      gateway.close();
      server.closeAllConnections();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  });
  return fake;
}

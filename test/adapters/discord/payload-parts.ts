import type { IgnoredWhy } from "../../../adapters/discord/read.ts";
import type { InboundMessage } from "../../../src/message/message.ts";
import type { SessionSource } from "../../../src/session/source.ts";

/** The bot of the fixtures. */
export const BOT = "100000000000000000";
export const GUILD = "200000000000000001";
export const ada = { id: "300000000000000001", username: "ada", global_name: "Ada L", discriminator: "0" };
export const bob = { id: "300000000000000002", username: "bob", global_name: null, discriminator: "0" };
export const bot = { id: BOT, username: "harnessbot", global_name: null, bot: true };

/** What is to come of an event. */
export type Expected =
  | { readonly ignored: IgnoredWhy }
  | { readonly edited: string }
  | {
      readonly message: Partial<InboundMessage>;
      readonly source?: Partial<SessionSource>;
      readonly kind?: "message" | "command" | "callback";
      readonly mayOpenThread?: boolean;
    };

/** A case: what it shows, the event, its data, what is to come of it. */
export type Case = readonly [shows: string, event: string, data: unknown, expected: Expected];

export const dm = { id: "1", type: 0, channel_id: "400000000000000002", channel_type: 1, author: ada, content: "hi" };
export const guild = {
  id: "2",
  type: 0,
  channel_id: "400000000000000001",
  channel_type: 0,
  guild_id: GUILD,
  author: ada,
  member: { nick: null, roles: ["7", "8"] },
  mentions: [],
  attachments: [],
  embeds: [],
  content: "hi",
};
export const mention = { ...guild, content: `<@${BOT}> hi`, mentions: [bot] };
export const image = {
  id: "9",
  filename: "a b.png",
  content_type: "image/png",
  size: 12,
  url: "https://cdn.discordapp.com/a.png",
};
export const command = {
  id: "700",
  application_id: BOT,
  type: 2,
  token: "secret",
  channel_id: "400000000000000002",
  channel: { id: "400000000000000002", type: 1 },
  user: ada,
  data: { id: "5", name: "help", type: 1 },
};

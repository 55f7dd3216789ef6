import { ChannelType, RESTJSONErrorCodes, Routes } from "discord.js";
import { z } from "zod";
import type { ChatPlace } from "../../src/platform/adapter.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { chatTypeOf } from "./channel.ts";
import { deliveryErrorOf, hasCode } from "./errors.ts";
import { channelPayload } from "./payload.ts";
import { channelOverwrites, missingToPost, permissionsIn, rolesPayload } from "./permissions.ts";
import type { Rest } from "./rest.ts";
import type { Self } from "./self.ts";
import { channelIdOf } from "./send.ts";

const UNKNOWN =
  "Discord knows no such channel. Check the id (Developer Mode, then Copy Channel ID), and that the bot is in that server.";
const HIDDEN =
  "the bot does not see this channel. Add it to the server, and give it View Channel and Send Messages there.";
const NO_POSTS = "nothing can be posted in this kind of channel. Name a text channel, or a thread of it.";

/** Channels that hold threads or other channels, and no messages of their own. */
const WITHOUT_MESSAGES: ReadonlySet<number> = new Set([
  ChannelType.GuildCategory,
  ChannelType.GuildDirectory,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
]);

/** What the questions are asked with. */
export interface AskingParts {
  readonly rest: Rest;
  readonly self: Pick<Self, "loadBotId">;
}

const ownMember = z.object({ roles: z.array(z.string()) });

/** Whether the bot can post in a channel, as `Adapter.canPost` says it. */
export async function canPost(parts: AskingParts, place: ChatPlace, signal: AbortSignal): Promise<string | null> {
  const ask: Ask = (route) => parts.rest.call("get", route, { signal });
  try {
    const answer = await ask(Routes.channel(channelIdOf(place)));
    const { type, guild_id: guildId, parent_id: above } = channelPayload.parse(answer);
    if (WITHOUT_MESSAGES.has(type)) return NO_POSTS;
    // Direct chats know no permissions.
    if (!guildId) return null;
    const isThread = chatTypeOf(type, true) === "thread";
    const channel = isThread && above ? await ask(Routes.channel(above)) : answer;
    const missing = missingToPost(await ownPermissions(ask, await parts.self.loadBotId(), guildId, channel), isThread);
    if (missing.length === 0) return null;
    return `the bot lacks ${missing.join(" and ")} here. Give it that under Edit Channel, Permissions.`;
  } catch (error) {
    // What can't be an id was not asked about.
    if (error instanceof DeliveryError) return `${error.message}.`;
    if (hasCode(error, RESTJSONErrorCodes.UnknownChannel)) return UNKNOWN;
    return deliveryErrorOf(error).kind === "forbidden" ? HIDDEN : null;
  }
}

type Ask = (route: `/${string}`) => Promise<unknown>;

async function ownPermissions(ask: Ask, userId: string, guildId: string, channel: unknown): Promise<bigint> {
  const [member, roles] = await Promise.all([
    ask(Routes.guildMember(guildId, userId)),
    ask(Routes.guildRoles(guildId)),
  ]);
  return permissionsIn({
    guildId,
    userId,
    roleIds: ownMember.parse(member).roles,
    roles: rolesPayload.parse(roles),
    overwrites: channelOverwrites.parse(channel),
  });
}

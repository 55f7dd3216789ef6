import { ChannelType, RESTJSONErrorCodes, Routes } from "discord.js";
import type { ChatPlace } from "../../src/platform/adapter.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { deliveryErrorOf, hasCode } from "./errors.ts";
import { channelPayload } from "./payload.ts";
import type { Rest } from "./rest.ts";
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

/** Whether the bot can post in a channel, as `Adapter.canPost` says it; what it may do in one that it sees is told by the first post. */
export async function canPost(rest: Rest, place: ChatPlace, signal: AbortSignal): Promise<string | null> {
  try {
    const { type } = channelPayload.parse(await rest.call("get", Routes.channel(channelIdOf(place)), { signal }));
    return WITHOUT_MESSAGES.has(type) ? NO_POSTS : null;
  } catch (error) {
    // What can't be an id was not asked about.
    if (error instanceof DeliveryError) return `${error.message}.`;
    if (hasCode(error, RESTJSONErrorCodes.UnknownChannel)) return UNKNOWN;
    return deliveryErrorOf(error).kind === "forbidden" ? HIDDEN : null;
  }
}

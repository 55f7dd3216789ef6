import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { ChatPlace } from "../../src/platform/adapter.ts";
import { slackErrorCode } from "./errors.ts";

/** What is read of a conversation (docs.slack.dev/reference/methods/conversations.info). */
const chatInfo = z.object({
  channel: z.object({
    is_im: z.boolean().nullish(),
    is_mpim: z.boolean().nullish(),
    is_private: z.boolean().nullish(),
    is_member: z.boolean().nullish(),
    is_archived: z.boolean().nullish(),
  }),
  response_metadata: z.object({ scopes: z.array(z.string()).nullish() }).nullish(),
});

/** With it the bot posts in public channels without being in them. */
const PUBLIC_SCOPE = "chat:write.public";
const UNKNOWN =
  "Slack does not let the bot see this conversation. Check the id (in the channel's details); where it is a private channel, /invite the bot to it.";
const NOT_IN = "the bot is not in this channel. Say /invite there, with the bot's name, and try again.";
const ARCHIVED = "this channel is archived. Name another one, or bring it back.";

/** Whether the bot can post in a conversation, as `Adapter.canPost` says it. */
export async function canPost(web: WebClient, { chatId }: ChatPlace): Promise<string | null> {
  // A person's id stands for their direct messages, which Slack opens at the first post.
  if (/^[UW]/.test(chatId)) return null;
  try {
    const { channel, response_metadata } = chatInfo.parse(await web.conversations.info({ channel: chatId }));
    if (channel.is_archived === true) return ARCHIVED;
    if (channel.is_im === true || channel.is_mpim === true || channel.is_member !== false) return null;
    const postsInPublic = response_metadata?.scopes?.includes(PUBLIC_SCOPE) === true;
    return postsInPublic && channel.is_private !== true ? null : NOT_IN;
  } catch (error) {
    return slackErrorCode(error) === "channel_not_found" ? UNKNOWN : null;
  }
}

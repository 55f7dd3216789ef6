import { makeURLSearchParams, Routes } from "discord.js";
import { z } from "zod";
import type { Clock } from "../../src/clock/clock.ts";
import type { OutboundMessage } from "../../src/message/message.ts";
import type { FoundPost } from "../../src/platform/adapter.ts";
import { deliveryErrorOf } from "./errors.ts";
import type { Interactions } from "./interactions.ts";
import { type PostPayload, postPayload } from "./payload.ts";
import { contentOf } from "./post-body.ts";
import { postNameOf } from "./post-file.ts";
import { isInteractionId } from "./read-interaction.ts";
import type { Rest } from "./rest.ts";
import { channelIdOf } from "./send.ts";
import { compareSnowflakes, snowflakeAt } from "./snowflake.ts";

/** For some minutes Discord answers a known nonce with the post it stands for; this much of them is relied on. */
const NONCE_WINDOW_MS = 2 * 60_000;
/** Discord's clock and ours may differ by this much. */
const CLOCK_SLACK_MS = 60_000;
/** Most messages one call gives (discord.com/developers/docs/resources/message#get-channel-messages). */
const PAGE_SIZE = 100;
/** Pages read in search of a post: a channel busier than that leaves doubt. */
const MAX_PAGES = 3;

const page = z.array(postPayload);

/** Looks for a post of an earlier attempt; throws a `DeliveryError` when Discord can't be asked now. */
export async function findPost(
  message: OutboundMessage,
  options: {
    readonly rest: Rest;
    readonly clock: Clock;
    readonly interactions: Interactions;
    readonly loadBotId: () => Promise<string>;
  },
): Promise<FoundPost> {
  const { rest, clock, interactions, loadBotId } = options;
  const askedBy = message.privateTo?.messageId ?? "";
  // No history has what one person alone sees.
  if (isInteractionId(askedBy)) {
    return { kind: interactions.isInPlace(askedBy, message.outboxId) ? "absent" : "unknown" };
  }
  const repliesTo = message.replyToMessageId ?? "";
  // The answer to a command is put in its place: doing that again changes nothing.
  if (interactions.isThinking(repliesTo)) return { kind: "absent" };
  // Within the window the nonce makes a resend safe; an answer to a command whose token is lost had none.
  const isNonceKnown = clock.nowMs() - message.firstTriedAtMs <= NONCE_WINDOW_MS && !isInteractionId(repliesTo);
  if (isNonceKnown) return { kind: "absent" };
  try {
    const channelId = channelIdOf(message);
    const botId = await loadBotId();
    const found: string[] = [];
    let after = snowflakeAt(message.firstTriedAtMs - CLOCK_SLACK_MS);
    for (let count = 0; count < MAX_PAGES; count++) {
      const query = makeURLSearchParams({ after, limit: PAGE_SIZE });
      const posts = page.parse(await rest.call("get", Routes.channelMessages(channelId), { query }));
      found.push(...posts.filter((post) => isPostOf(post, message, botId)).map(({ id }) => id));
      const latest = posts
        .map(({ id }) => id)
        .sort(compareSnowflakes)
        .at(-1);
      if (posts.length < PAGE_SIZE || latest === undefined) return verdict(found);
      after = latest;
    }
    return found.length === 1 ? verdict(found) : { kind: "unknown" };
  } catch (error) {
    throw deliveryErrorOf(error);
  }
}

/** Whether a message of the history can be that post: ours, and it says and carries the same. History tells no nonce. */
function isPostOf(post: PostPayload, message: OutboundMessage, botId: string): boolean {
  if (post.author?.id !== botId || (post.content ?? "").trim() !== contentOf(message.text).trim()) return false;
  const [file] = post.attachments;
  // Discord may change a file's name (spaces), not its size.
  if (message.file === null || file === undefined) return message.file === null && file === undefined;
  return file.size === message.file.sizeBytes || file.filename === postNameOf(message.file);
}

function verdict(found: readonly string[]): FoundPost {
  const [postId] = found;
  if (postId === undefined) return { kind: "absent" };
  return found.length === 1 ? { kind: "found", postId } : { kind: "unknown" };
}

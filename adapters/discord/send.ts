import { Routes } from "discord.js";
import type { OutboundMessage, PostEdit } from "../../src/message/message.ts";
import type { ChatPlace } from "../../src/platform/adapter.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { deliveryErrorOf } from "./errors.ts";
import { type Interactions, isOver } from "./interactions.ts";
import { noncesOf } from "./nonce.ts";
import { postPayload } from "./payload.ts";
import { postBody } from "./post-body.ts";
import { loadPostFile } from "./post-file.ts";
import { isInteractionId } from "./read-interaction.ts";
import type { Rest } from "./rest.ts";
import { isSnowflake } from "./snowflake.ts";

/** Posts what the core has to say. */
export interface Sender {
  /** Posts one outbox row and returns the message's id; throws a `DeliveryError`. */
  send(message: OutboundMessage): Promise<string>;
  /** Changes a post; throws a `DeliveryError`. */
  edit(edit: PostEdit): Promise<void>;
}

/** Opens it; `nonceSeed` sets this installation apart from others that use the same bot. */
export function openSender(options: {
  readonly rest: Rest;
  readonly interactions: Interactions;
  readonly account: string;
  readonly nonceSeed: string;
}): Sender {
  const { rest, interactions, account, nonceSeed } = options;
  const nonceOf = noncesOf(nonceSeed, account);

  const post = async (message: OutboundMessage): Promise<string> => {
    const channelId = channelIdOf(message);
    const { replyToMessageId, outboxId, privateTo } = message;
    const body = postBody(message);
    const files = message.file === null ? {} : { files: [await loadPostFile(message.file)] };
    // To what was typed there is no answer for one person alone.
    if (privateTo !== null && isInteractionId(privateTo.messageId)) {
      const shownId = await interactions.answerAlone(privateTo.messageId, outboxId, { body, ...files });
      if (shownId === null) throw tooLate();
      return shownId;
    }
    if (replyToMessageId !== null && isInteractionId(replyToMessageId)) {
      const answerId = await interactions.answer(replyToMessageId, outboxId, { body, ...files });
      if (answerId !== null) return answerId;
    }
    const answer = await rest.call("post", Routes.channelMessages(channelId), {
      body: {
        ...body,
        nonce: nonceOf(outboxId),
        enforce_nonce: true,
        ...referenceOf(replyToMessageId, channelId),
      },
      ...files,
    });
    return postPayload.parse(answer).id;
  };

  const change = async (edit: PostEdit, channelId: string): Promise<void> => {
    const body = postBody(edit);
    const answerRoute = interactions.answerRoute(edit.postId);
    if (answerRoute !== null) {
      try {
        await rest.call("patch", answerRoute, { body, auth: false });
        return;
      } catch (error) {
        // The token is over; the post may still be edited as any other.
        if (!isOver(error)) throw error;
      }
    }
    await rest.call("patch", Routes.channelMessage(channelId, edit.postId), { body });
  };

  return {
    async send(message) {
      try {
        return await post(message);
      } catch (error) {
        throw deliveryErrorOf(error);
      }
    },
    async edit(edit) {
      const channelId = channelIdOf(edit);
      if (!isSnowflake(edit.postId)) throw notAnId("message");
      try {
        await change(edit, channelId);
      } catch (error) {
        throw deliveryErrorOf(error);
      }
    },
  };
}

/** The channel a place is: a thread is a channel of its own. Throws a `DeliveryError` for what can't be one. */
export function channelIdOf({ chatId, threadId }: ChatPlace): string {
  const channelId = threadId ?? chatId;
  if (!isSnowflake(channelId)) throw notAnId("channel");
  return channelId;
}

/** Better not at all than to everybody. */
function tooLate(): DeliveryError {
  const message = "it was for the sender of a command alone, which Discord does not answer any more";
  return new DeliveryError("gone", message, { certain: true });
}

function notAnId(what: string): DeliveryError {
  const message = `expected the id of a Discord ${what}: copy it with Developer Mode on`;
  return new DeliveryError("gone", message, { certain: true });
}

/** A thread's first message has the thread's id and lies in the channel above: nothing in the thread can refer to it. */
function referenceOf(messageId: string | null, channelId: string) {
  if (messageId === null || !isSnowflake(messageId) || messageId === channelId) return {};
  return { message_reference: { message_id: messageId, fail_if_not_exists: false } };
}

import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { OutboundMessage, PostEdit, PrivateTo } from "../../src/message/message.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { deliveryErrorOf, slackErrorCode } from "./errors.ts";
import { type PostBody, postBodies } from "./post-body.ts";
import { postMetadata } from "./post-metadata.ts";

/** What Slack says when it is the markup, not the message, that it does not take. */
const MARKUP_REFUSED = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "markdown_text_conflict",
  "invalid_arguments",
]);

const posted = z.object({ ts: z.string() });

const shown = z.object({ message_ts: z.string() });

/** Posts a text and returns its `ts`; throws a `DeliveryError`. */
export async function postText(web: WebClient, message: OutboundMessage, seed: string): Promise<string> {
  if (message.privateTo !== null) return await showAlone(web, message, message.privateTo);
  const { chatId, threadId } = message;
  const answer = await inTheBestForm(message.text, message.buttons, (body) =>
    web.apiCall("chat.postMessage", {
      channel: chatId,
      ...(threadId === null ? {} : { thread_ts: threadId }),
      ...body,
      metadata: postMetadata(message.outboxId, seed),
      unfurl_links: false,
      unfurl_media: false,
    }),
  );
  const read = posted.safeParse(answer);
  if (read.success) return read.data.ts;
  throw new DeliveryError("unknown", "Slack's answer could not be read", { certain: false, cause: read.error });
}

/**
 * Shows a text to one person and returns its `ts`. It is in no history and takes no metadata: whether it arrived can't be asked.
 * In a thread it is seen only where somebody has replied (docs.slack.dev/reference/methods/chat.postEphemeral): what a message
 * asks that would open its thread is answered in the channel.
 */
async function showAlone(web: WebClient, message: OutboundMessage, { userId, messageId }: PrivateTo): Promise<string> {
  const { chatId, threadId } = message;
  const answer = await inTheBestForm(message.text, message.buttons, (body) =>
    web.apiCall("chat.postEphemeral", {
      channel: chatId,
      user: userId,
      ...(threadId === null || threadId === messageId ? {} : { thread_ts: threadId }),
      ...body,
    }),
  );
  const read = shown.safeParse(answer);
  if (read.success) return read.data.message_ts;
  throw new DeliveryError("unknown", "Slack's answer could not be read", { certain: false, cause: read.error });
}

/** Changes a post; what it carries for `findPost` stays. Throws a `DeliveryError`. */
export async function editText(web: WebClient, edit: PostEdit): Promise<void> {
  await inTheBestForm(edit.text, edit.buttons, (body) =>
    web.apiCall("chat.update", { channel: edit.chatId, ts: edit.postId, ...body }),
  );
}

/** One attempt that counts: a refusal of the markup is certain, and followed by the same in simpler markup. */
async function inTheBestForm(
  markdown: string,
  buttons: OutboundMessage["buttons"],
  call: (body: PostBody & Record<string, unknown>) => Promise<unknown>,
): Promise<unknown> {
  let refusal: unknown = null;
  for (const form of postBodies(markdown, buttons)) {
    try {
      return await call({ ...form() });
    } catch (error) {
      if (!MARKUP_REFUSED.has(slackErrorCode(error) ?? "")) throw deliveryErrorOf(error);
      refusal = error;
    }
  }
  throw deliveryErrorOf(refusal);
}

import { MessageFlags } from "discord.js";
import type { InboundMessage } from "../../src/message/message.ts";
import type { Channel } from "./channel.ts";
import { interactionPayload, messagePayload } from "./payload.ts";
import { type InteractionRef, readInteraction } from "./read-interaction.ts";
import { readMessage, textOf, whyIgnored } from "./read-message.ts";
import type { OwnNames } from "./read-text.ts";

/** Why an event became no message: what `ignored` is counted by. */
export type IgnoredWhy =
  | "own_message"
  | "other_bot"
  | "webhook"
  | "system_message"
  | "thread_starter"
  | "empty"
  /** Nothing in it at all, in a server: the MESSAGE CONTENT intent is probably off. */
  | "no_content"
  | "embed_update"
  | "deleted"
  | "other_interaction"
  | "unreadable"
  | "other_event";

/** What an event of the gateway is. */
export type Reading =
  /** `mayOpenThread`: it names the bot in a channel that can have threads. */
  | { readonly kind: "message"; readonly message: InboundMessage; readonly mayOpenThread: boolean }
  | { readonly kind: "command" | "callback"; readonly message: InboundMessage; readonly interaction: InteractionRef }
  /** `hasThread`: a thread was opened from it. */
  | {
      readonly kind: "edited";
      readonly chatId: string;
      readonly messageId: string;
      readonly text: string;
      readonly hasThread: boolean;
    }
  | { readonly kind: "ignored"; readonly why: IgnoredWhy };

/** What reading needs to know beside the event. */
export interface ReadContext extends OwnNames {
  readonly account: string;
  /** What is known of a channel; undefined when nothing is. */
  readonly channel: (channelId: string) => Channel | undefined;
}

/** Reads one dispatch of the gateway (discord.com/developers/docs/events/gateway-events): pure, and it never throws. */
export function readDispatch(event: string, data: unknown, context: ReadContext): Reading {
  switch (event) {
    case "MESSAGE_CREATE": {
      const parsed = messagePayload.safeParse(data);
      return parsed.success ? readMessage(parsed.data, context) : { kind: "ignored", why: "unreadable" };
    }
    case "MESSAGE_UPDATE":
      return readEdit(data, context);
    case "MESSAGE_DELETE":
    case "MESSAGE_DELETE_BULK":
      return { kind: "ignored", why: "deleted" };
    case "INTERACTION_CREATE": {
      const parsed = interactionPayload.safeParse(data);
      return parsed.success ? readInteraction(parsed.data, context) : { kind: "ignored", why: "unreadable" };
    }
    default:
      return { kind: "ignored", why: "other_event" };
  }
}

/** An update is an edit only when somebody edited: Discord sends one as well when it has looked up a link. */
function readEdit(data: unknown, context: ReadContext): Reading {
  const parsed = messagePayload.safeParse(data);
  if (!parsed.success || !parsed.data.edited_timestamp) return { kind: "ignored", why: "embed_update" };
  const why = whyIgnored(parsed.data, context.botId);
  if (why !== null) return { kind: "ignored", why };
  const text = textOf(parsed.data, context);
  if (text === "") return { kind: "ignored", why: "empty" };
  const hasThread = ((parsed.data.flags ?? 0) & MessageFlags.HasThread) !== 0;
  return { kind: "edited", chatId: parsed.data.channel_id, messageId: parsed.data.id, text, hasThread };
}

import type { InboundMessage } from "../../src/message/message.ts";
import type { Bot } from "./bot.ts";
import type { KnownNames } from "./known-names.ts";
import { readBody, type SlackBody } from "./payload.ts";
import { readCommand } from "./read-command.ts";
import { readMessage } from "./read-message.ts";
import { readPress } from "./read-press.ts";

/** Why a delivery becomes no message: the fixed set that is counted. */
export type IgnoredReason =
  | "own_message"
  | "own_edit"
  | "other_bot"
  | "service_message"
  | "deleted"
  | "unchanged_edit"
  | "hidden"
  | "empty"
  | "no_conversation"
  | "other_event"
  | "other_interaction"
  | "not_understood";

/** What a delivery means. */
export type Reading =
  | { readonly kind: "message"; readonly message: InboundMessage }
  /** A slash command, or a pressed button: who gave it waits for Slack's answer. */
  | { readonly kind: "command" | "callback"; readonly message: InboundMessage }
  | { readonly kind: "edited"; readonly chatId: string; readonly messageId: string; readonly text: string }
  | { readonly kind: "ignored"; readonly why: IgnoredReason };

/** What a reading depends on beside the delivery. */
export interface ReadOptions {
  readonly account: string;
  /** A mention in a channel belongs to the thread that its answer opens. */
  readonly replyInThread: boolean;
  readonly names: KnownNames;
}

/** Reads whatever Slack delivered: an Events API callback, a slash command, an interaction. */
export function readEvent(body: unknown, bot: Bot, options: ReadOptions): Reading {
  return readDelivery(readBody(body), bot, options);
}

/** The same for a delivery that is parsed already. */
export function readDelivery(body: SlackBody, bot: Bot, options: ReadOptions): Reading {
  switch (body.kind) {
    case "event":
      return readMessage(body, bot, options);
    case "command":
      return readCommand(body.command, options);
    case "press":
      return readPress(body.press, options);
    case "other":
      return { kind: "ignored", why: body.why };
  }
}

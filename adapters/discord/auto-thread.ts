import { RESTJSONErrorCodes, Routes } from "discord.js";
import { backOffMs } from "../../src/clock/back-off.ts";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { isRetryable } from "../../src/platform/delivery-error.ts";
import { deliveryErrorOf, hasCode } from "./errors.ts";
import type { Rest } from "./rest.ts";

/** A thread's name has 1 to 100 characters (discord.com/developers/docs/resources/channel#start-thread-from-message). */
const MAX_NAME_LENGTH = 100;
/** A name is a few words. */
const MAX_WORDS = 10;
/** Tries before a message stays in its channel: about half a minute. Each gives a redelivery less room to be taken as another message. */
const MAX_TRIES = 6;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 15_000;

/**
 * Opens a thread from a message, once however often it is asked, and returns the message as it belongs to the thread, whose id is its own.
 * Where no thread can be opened the message stays where it is; `onRefused` hears why. Never rejects.
 */
export async function intoThread(
  message: InboundMessage,
  options: {
    readonly rest: Rest;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onRefused: (error: unknown) => void;
  },
): Promise<InboundMessage> {
  const { rest, clock, signal, onRefused } = options;
  const { chatId } = message.source;
  const name = threadName(message.text);
  for (let attempt = 0; ; attempt++) {
    try {
      await rest.call("post", Routes.threads(chatId, message.messageId), { body: { name } });
      return inThread(message, name);
    } catch (error) {
      if (hasCode(error, RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage)) return inThread(message, null);
      const { kind, retryAfterMs } = deliveryErrorOf(error);
      if (!isRetryable(kind) || attempt + 1 >= MAX_TRIES || signal.aborted) {
        onRefused(error);
        return message;
      }
      await sleep(clock, retryAfterMs ?? backOffMs(attempt + 1, FIRST_WAIT_MS, MAX_WAIT_MS), signal);
    }
  }
}

/** The first words of a text on one line, without what a name can't show. */
export function threadName(text: string): string {
  const words = text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const name = [...words.slice(0, MAX_WORDS).join(" ")];
  const short = name.length > MAX_NAME_LENGTH ? [...name.slice(0, MAX_NAME_LENGTH - 1), "…"] : name;
  return short.join("") || "New thread";
}

function inThread(message: InboundMessage, name: string | null): InboundMessage {
  const { source, messageId } = message;
  return {
    ...message,
    source: {
      ...source,
      chatType: "thread",
      chatId: messageId,
      threadId: messageId,
      parentChatId: source.chatId,
      chatName: name,
    },
  };
}

import type { Clock } from "../clock/clock.ts";
import type { InboundMessage } from "../message/message.ts";

/**
 * A message that the database refused is waited for this long. Slack delivers again at once, after a minute and after five
 * (docs.slack.dev/apis/events-api#retries): the first two are worth it, and whatever was kept waiting has its last one left.
 */
export const OWED_MS = 90_000;
/** Messages of one conversation that wait for their redelivery in order; more than that come as they come. */
const MAX_IN_PLACE = 100;
/** Conversations in which some do. */
const MAX_PLACES = 1_000;

/**
 * Messages that the database refused, until their platforms deliver them again: in their conversation, later ones wait for them.
 * Where an adapter repeats by itself, in order, nothing ever has to.
 */
export interface OwedMessages {
  /** Whether a message has to come again because an earlier one of its conversation is still to come; it is owed then, too. */
  isBehind(message: InboundMessage): boolean;
  /** The database refused it. */
  refused(message: InboundMessage): void;
  /** The core has decided about it. */
  taken(message: InboundMessage): void;
}

/** Nothing is owed yet. */
export function openOwedMessages(clock: Pick<Clock, "monotonicMs">): OwedMessages {
  /** When each was refused first, in order, by conversation. */
  const places = new Map<string, Map<string, number>>();

  const owedIn = (place: string): Map<string, number> => {
    const owed = places.get(place) ?? new Map<string, number>();
    for (const [messageId, atMs] of owed) {
      if (clock.monotonicMs() - atMs < OWED_MS) break;
      owed.delete(messageId);
    }
    if (owed.size === 0) places.delete(place);
    return owed;
  };
  const owe = (place: string, owed: Map<string, number>, messageId: string) => {
    if (owed.has(messageId) || owed.size >= MAX_IN_PLACE) return;
    owed.set(messageId, clock.monotonicMs());
    places.set(place, owed);
    const [oldest] = places.keys();
    if (places.size > MAX_PLACES && oldest !== undefined) places.delete(oldest);
  };

  return {
    isBehind(message) {
      if (places.size === 0) return false;
      const place = placeId(message);
      const owed = owedIn(place);
      const [first] = owed.keys();
      if (first === undefined || first === message.messageId) return false;
      owe(place, owed, message.messageId);
      return owed.has(message.messageId);
    },
    refused(message) {
      const place = placeId(message);
      owe(place, owedIn(place), message.messageId);
    },
    taken(message) {
      if (places.size === 0) return;
      const place = placeId(message);
      const owed = owedIn(place);
      owed.delete(message.messageId);
      if (owed.size === 0) places.delete(place);
    },
  };
}

function placeId({ source: { platform, account, chatId, threadId } }: InboundMessage): string {
  return JSON.stringify([platform, account, chatId, threadId]);
}

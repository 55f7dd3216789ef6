import type { WebClient } from "@slack/web-api";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterEvents, Intake } from "../../src/platform/adapter.ts";
import { type PlaceToRead, placesToRead } from "./catch-up-places.ts";
import { deliveryErrorOf } from "./errors.ts";
import { type HistoryPage, loadHistory, type PastMessage } from "./history.ts";
import type { ConversationKind } from "./known-names.ts";
import { waitAtMost } from "./patience.ts";
import { readBody, type SlackBody } from "./payload.ts";

/** What lies further back is not read. */
const REACH_MS = 24 * 60 * 60 * 1000;
/** Most messages read of a place: the latest of them. */
const MAX_MESSAGES = 100;
/** Messages handed over at a time: they share transactions, and are fewer than a conversation holds by default. */
const HANDED_AT_ONCE = 20;
/** Messages of a thread asked for at a time: the most Slack gives. */
const THREAD_PAGE = 200;
/** Most pages of a thread that are gone through after one gap: Slack allows about fifty questions a minute. */
const MAX_THREAD_PAGES = 10;
/** Chats read at a time. */
const READERS = 4;
/** How often one place is tried again before it is given up; with their growing waits these are about two minutes. */
const MAX_TRIES = 8;
const FIRST_RETRY_MS = 500;
/**
 * A chat's new messages wait this long for its old ones. Slack delivers again what is not confirmed within three seconds, which makes
 * it no second message; commands and buttons are confirmed in time all the same.
 */
const HOLD_MS = 30_000;

/** Reads what was said while nobody listened. */
export interface CatchUp {
  /** Begins anew, from the places heard of by now: called at each (re)connect. What an earlier run has not read yet is read, too. */
  begin(): void;
  /** While this chat is being caught up with, from now on before the others: resolves when that is done or takes too long. Otherwise null. */
  caughtUp(chatId: string): Promise<void> | null;
  stop(): Promise<void>;
}

interface Run {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

interface Hold {
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** Opens it; `take` gets messages of the past, in order, and rejects when some could not be stored: then it gets them all again. */
export function openCatchUp(options: {
  readonly web: WebClient;
  readonly intake: Intake;
  readonly teamId: string | null;
  readonly clock: Clock;
  readonly events: AdapterEvents;
  readonly take: (bodies: readonly SlackBody[]) => Promise<void>;
}): CatchUp {
  const { web, intake, teamId, clock, events, take } = options;
  const unread = new Map<string, PlaceToRead>();
  const holds = new Map<string, Hold>();
  /** Chats that no reader has begun with. */
  let queue: (readonly [chatId: string, places: readonly PlaceToRead[]])[] = [];
  let current: Run = { abort: new AbortController(), done: Promise.resolve() };

  function placesHeardOf(): readonly PlaceToRead[] {
    try {
      return placesToRead(intake.recentPlaces(clock.nowMs() - REACH_MS));
    } catch (error) {
      events.warning("which chats to catch up with could not be read", error);
      return [];
    }
  }

  async function readAll(signal: AbortSignal): Promise<void> {
    const chats = [...Map.groupBy(unread.values(), ({ chatId }) => chatId)];
    queue = chats;
    const reader = async () => {
      for (let next = chats.shift(); next !== undefined && !signal.aborted; next = chats.shift()) {
        const [chatId, places] = next;
        for (const place of places) await readPlace(place, signal);
        if (!signal.aborted) release(chatId);
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
  }

  async function readPlace(place: PlaceToRead, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await takePlace(place, signal);
        break;
      } catch (error) {
        const { kind, retryAfterMs } = deliveryErrorOf(error);
        failures += 1;
        if (kind === "gone" || kind === "forbidden" || kind === "unauthorized" || failures >= MAX_TRIES) {
          events.warning("what was said in a chat while the bot was away could not be read", error);
          break;
        }
        await sleep(clock, retryAfterMs ?? FIRST_RETRY_MS * 2 ** failures, signal);
      }
    }
    if (!signal.aborted && unread.get(keyOf(place)) === place) unread.delete(keyOf(place));
  }

  async function takePlace(place: PlaceToRead, signal: AbortSignal): Promise<void> {
    const sinceMs = Math.max(place.sinceMs, clock.nowMs() - REACH_MS);
    const messages = await latestSince(web, place, sinceMs);
    // A thread begins with its first message, whatever is asked for: that one belongs to the channel.
    const own = messages.filter(({ ts }) => ts !== place.threadId);
    for (let from = 0; from < own.length && !signal.aborted; from += HANDED_AT_ONCE) {
      const some = own.slice(from, from + HANDED_AT_ONCE);
      await take(some.map((message) => readBody(pastBody(message, place, teamId))));
    }
  }

  function release(chatId: string): void {
    holds.get(chatId)?.release();
    holds.delete(chatId);
  }

  return {
    begin() {
      current.abort.abort();
      for (const place of placesHeardOf()) {
        const left = unread.get(keyOf(place));
        unread.set(keyOf(place), left === undefined || left.sinceMs > place.sinceMs ? place : { ...left });
      }
      for (const { chatId } of unread.values()) if (!holds.has(chatId)) holds.set(chatId, newHold());
      const abort = new AbortController();
      const done = current.done.then(() => readAll(abort.signal));
      current = { abort, done };
    },
    caughtUp(chatId) {
      const hold = holds.get(chatId);
      const at = queue.findIndex(([waiting]) => waiting === chatId);
      if (at > 0) queue.unshift(...queue.splice(at, 1));
      return hold === undefined ? null : waitAtMost(hold.released, HOLD_MS, clock).then(() => {});
    },
    async stop() {
      current.abort.abort();
      for (const chatId of [...holds.keys()]) release(chatId);
      await current.done;
    },
  };
}

/** The latest messages of a place, the earliest first. */
async function latestSince(web: WebClient, place: PlaceToRead, sinceMs: number): Promise<readonly PastMessage[]> {
  if (place.threadId === null) {
    const { messages } = await loadHistory(web, place, { sinceMs, limit: MAX_MESSAGES });
    return messages.toReversed();
  }
  // A thread is told from its beginning: what was missed is at the end.
  let latest: readonly PastMessage[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_THREAD_PAGES; pages++) {
    const page: HistoryPage = await loadHistory(web, place, { sinceMs, limit: THREAD_PAGE, cursor });
    latest = [...latest, ...page.messages].slice(-MAX_MESSAGES);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return latest;
}

function newHold(): Hold {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}

function keyOf({ chatId, threadId }: PlaceToRead): string {
  return `${chatId}:${threadId ?? ""}`;
}

/** A message of history as the event it once was. */
function pastBody(message: PastMessage, place: PlaceToRead, teamId: string | null): unknown {
  const channelType = place.kind === null ? {} : { channel_type: channelTypes[place.kind] };
  return {
    type: "event_callback",
    team_id: teamId,
    event: { ...message, ...channelType, type: "message", channel: place.chatId },
  };
}

const channelTypes: Readonly<Record<ConversationKind, string>> = { dm: "im", group: "mpim", channel: "channel" };

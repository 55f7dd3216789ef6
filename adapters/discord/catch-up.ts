import { makeURLSearchParams, Routes } from "discord.js";
import { z } from "zod";
import { backOffMs } from "../../src/clock/back-off.ts";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { RecentPlace } from "../../src/platform/adapter.ts";
import { isRetryable } from "../../src/platform/delivery-error.ts";
import type { Channels } from "./channels.ts";
import { deliveryErrorOf } from "./errors.ts";
import type { Lanes } from "./lanes.ts";
import type { ChannelPayload } from "./payload.ts";
import { openPermits } from "./permits.ts";
import type { Rest } from "./rest.ts";
import { compareSnowflakes, isSnowflake, snowflakeAt } from "./snowflake.ts";

/** What was said longer ago is not answered any more. */
const MAX_AGE_MS = 24 * 3_600_000;
/** Read once more before the last word that was heard: clocks differ, and what was on its way then may be lost. */
const OVERLAP_MS = 2 * 60_000;
/** Most messages one call gives, our own posts among them, and most that are read of what was missed in a chat: the latest of it. */
const MAX_MESSAGES = 100;
/** Chats read back at once: the rest of the bot goes on meanwhile. */
const MAX_AT_ONCE = 4;
/** Tries to read a chat back: several minutes. */
const MAX_TRIES = 8;
const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** Threads of one server read back beyond those the bot was heard in. */
const MAX_NEW_THREADS = 50;

/** Reads what was said while no connection was there. */
export interface CatchUp {
  /** A session without a past has begun: reads all places heard of lately. Their live events wait behind it. */
  begin(places: readonly RecentPlace[]): void;
  /** A server has told of its threads: those in known channels that something was said in are read as well. */
  threadsSeen(threads: readonly ChannelPayload[]): void;
  /** Something of this channel could not be taken: reads it again from this message on. */
  readAgain(channelId: string, messageId: string): void;
}

/** What is to be read of a channel: `rest` is what its queue could not hold. */
interface Stretch {
  readonly channelId: string;
  readonly after: string;
  readonly what: "channel" | "thread" | "rest";
}

const page = z.array(z.looseObject({ id: z.string() }));

/** Opens it; `take` reads and hands over one message of the history, as if it had just come. */
export function openCatchUp(options: {
  readonly rest: Rest;
  readonly clock: Clock;
  readonly lanes: Lanes;
  readonly channels: Channels;
  readonly takeFromHistory: (channelId: string, message: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Whether mentions open threads, so that new ones begin in the channels above the known threads. */
  readonly autoThread: boolean;
  readonly onGap: (error: unknown) => void;
  readonly signal: AbortSignal;
}): CatchUp {
  const { rest, clock, lanes, channels, takeFromHistory, autoThread, onGap, signal } = options;
  const permits = openPermits(MAX_AT_ONCE);
  const waiting = new Set<string>();
  /** From where on each known channel is read, for the threads in it. */
  let afterOf = new Map<string, string>();

  /** The latest of what was said after a message, or, for what was left out, the earliest of it; in order. */
  const load = async ({ channelId, after, what }: Stretch): Promise<z.infer<typeof page>> => {
    const query = makeURLSearchParams({ ...(what === "rest" ? { after } : {}), limit: MAX_MESSAGES });
    for (let attempt = 0; ; attempt++) {
      try {
        const messages = page.parse(await rest.call("get", Routes.channelMessages(channelId), { query, signal }));
        return messages
          .filter(({ id }) => compareSnowflakes(id, after) > 0)
          .sort((a, b) => compareSnowflakes(a.id, b.id));
      } catch (error) {
        const { kind, retryAfterMs } = deliveryErrorOf(error);
        if (signal.aborted || kind === "gone" || kind === "forbidden") return [];
        if (!isRetryable(kind) || attempt + 1 >= MAX_TRIES) {
          onGap(error);
          return [];
        }
        await sleep(clock, retryAfterMs ?? backOffMs(attempt + 1, FIRST_WAIT_MS, MAX_WAIT_MS), signal);
      }
    }
  };

  const read = async (stretch: Stretch) => {
    const { channelId, after, what } = stretch;
    waiting.delete(channelId);
    const messages = await permits.within(async () => {
      if (what === "thread" && autoThread) {
        const above = (await channels.load(channelId))?.parentId;
        if (above && !afterOf.has(above)) {
          afterOf.set(above, after);
          readLater({ channelId: above, after, what: "channel" });
        }
      }
      return load(stretch);
    });
    for (const message of messages) {
      if (signal.aborted) return;
      await takeFromHistory(channelId, message);
    }
    const last = messages.at(-1);
    // What was left out is read to its end, unlike what was missed.
    if (what === "rest" && last !== undefined && messages.length >= MAX_MESSAGES) {
      readLater({ channelId, after: last.id, what });
    }
  };

  const readLater = (stretch: Stretch) => {
    const { channelId } = stretch;
    if (waiting.has(channelId) || !isSnowflake(channelId)) return;
    waiting.add(channelId);
    if (!lanes.run(channelId, () => read(stretch))) {
      waiting.delete(channelId);
      onGap(undefined);
    }
  };

  return {
    begin(places) {
      afterOf = new Map();
      for (const { chatId, threadId, lastHeardAtMs } of places) {
        const after = snowflakeAt(Math.max(lastHeardAtMs - OVERLAP_MS, clock.nowMs() - MAX_AGE_MS));
        const channelId = threadId ?? chatId;
        if (afterOf.has(channelId)) continue;
        afterOf.set(channelId, after);
        readLater({ channelId, after, what: threadId === null ? "channel" : "thread" });
      }
    },
    threadsSeen(threads) {
      let count = 0;
      for (const { id, parent_id: above, last_message_id: last } of threads) {
        const after = above ? afterOf.get(above) : undefined;
        if (after === undefined || afterOf.has(id) || !last || compareSnowflakes(last, after) <= 0) continue;
        if (++count > MAX_NEW_THREADS) return;
        afterOf.set(id, after);
        readLater({ channelId: id, after, what: "channel" });
      }
    },
    readAgain(channelId, messageId) {
      if (!isSnowflake(messageId)) return;
      readLater({ channelId, after: String(BigInt(messageId) - 1n), what: "rest" });
    },
  };
}

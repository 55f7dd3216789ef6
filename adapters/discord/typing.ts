import { Routes } from "discord.js";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { Rest } from "./rest.ts";

/** An answer that comes sooner needs no announcement: showing it would double the calls of every short turn. */
const DELAY_MS = 300;

/** Shows in channels that the bot is writing. Discord takes it back with the next post, or after ten seconds. */
export interface Typing {
  /** Shows it in a moment, unless it is cancelled before. */
  show(channelId: string): Promise<void>;
  cancel(channelId: string): void;
}

/** Opens it: one announcement a channel waits at a time. */
export function openTyping(rest: Rest, clock: Clock): Typing {
  const waiting = new Map<string, AbortController>();
  return {
    async show(channelId) {
      if (waiting.has(channelId)) return;
      const cancelled = new AbortController();
      waiting.set(channelId, cancelled);
      await sleep(clock, DELAY_MS, cancelled.signal);
      if (cancelled.signal.aborted) return;
      waiting.delete(channelId);
      await rest.call("post", Routes.channelTyping(channelId));
    },
    cancel(channelId) {
      waiting.get(channelId)?.abort();
      waiting.delete(channelId);
    },
  };
}

import type { Clock } from "../clock/clock.ts";

/** What an inbox row was answered with. */
export interface Reply {
  /** Null when no session was involved (`/help` before the first message). */
  readonly sessionId: string | null;
  readonly text: string;
}

/** Those who wait for the answer to a message they sent: HTTP calls with `?wait`. */
export interface ReplyWaiters {
  /** Resolves with the reply, or null after `timeoutMs` or when the signal aborts. */
  wait(inboxId: number, timeoutMs: number, signal?: AbortSignal): Promise<Reply | null>;
  answered(inboxId: number, reply: Reply): void;
}

/** Makes an empty set of waiters. */
export function replyWaiters(clock: Clock): ReplyWaiters {
  const waiting = new Map<number, Set<(reply: Reply | null) => void>>();
  return {
    wait: (inboxId, timeoutMs, signal) =>
      new Promise((resolve) => {
        const group = waiting.get(inboxId) ?? new Set();
        waiting.set(inboxId, group);
        const end = (reply: Reply | null) => {
          timer.cancel();
          signal?.removeEventListener("abort", giveUp);
          group.delete(end);
          if (group.size === 0) waiting.delete(inboxId);
          resolve(reply);
        };
        const giveUp = () => end(null);
        const timer = clock.setTimer(timeoutMs, giveUp);
        signal?.addEventListener("abort", giveUp);
        group.add(end);
      }),
    answered(inboxId, reply) {
      for (const end of waiting.get(inboxId) ?? []) end(reply);
    },
  };
}

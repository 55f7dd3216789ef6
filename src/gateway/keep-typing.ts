import type { Clock, Timer } from "../clock/clock.ts";
import type { Adapter, ChatPlace } from "../platform/adapter.ts";

/** An answer that is there sooner needs no such sign, and saves the platform a call: nobody sees the difference. */
const FIRST_MS = 150;
/** Platforms show typing for five to ten seconds after each call. */
const REPEAT_MS = 4_000;

/** Shows that an answer is being worked on until it is stopped, where the platform can. */
export function keepTyping(
  adapter: Adapter | undefined,
  place: ChatPlace & { readonly messageId: string },
  clock: Clock,
): { stop(): void } {
  if (adapter?.typing === undefined) return { stop() {} };
  let timer: Timer | null = null;
  let isStopped = false;
  let isShown = false;
  const show = () => {
    isShown = true;
    // Whether it is shown matters to nobody enough to fail a turn or to fill a log.
    adapter.typing?.(place).catch(() => {});
    if (!isStopped) timer = clock.setTimer(REPEAT_MS, show);
  };
  timer = clock.setTimer(FIRST_MS, show);
  return {
    stop() {
      isStopped = true;
      timer?.cancel();
      if (isShown) adapter.typingDone?.(place).catch(() => {});
    },
  };
}

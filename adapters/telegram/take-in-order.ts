import { orderOf } from "./payload.ts";
import type { TakeUpdate } from "./take-update.ts";

/** Updates that come in one by one, side by side. */
export interface OrderedTake {
  /** Hands an update over after those of its chat that came before. */
  readonly take: TakeUpdate;
  /** Resolves when nothing is being handed over. */
  settled(): Promise<void>;
}

/** Keeps the updates of one chat in order; `pressed` is told of each button as it comes, however long it has to wait. How many wait is bounded by Telegram: 40 calls at a time (core.telegram.org/bots/api#setwebhook). */
export function takeInOrder(take: TakeUpdate, pressed: (callbackId: string) => void): OrderedTake {
  const lanes = new Map<string, Promise<unknown>>();
  return {
    take(update) {
      const { chatId, callbackId } = orderOf(update);
      if (callbackId !== null) pressed(callbackId);
      const lane = chatId === null ? "none" : String(chatId);
      const before = lanes.get(lane) ?? Promise.resolve();
      const taken = before.then(() => take(update));
      // Whoever comes next waits for the end, not for success: the one that failed is sent again.
      const ended = taken.then(
        () => undefined,
        () => undefined,
      );
      lanes.set(lane, ended);
      void ended.then(() => {
        if (lanes.get(lane) === ended) lanes.delete(lane);
      });
      return taken;
    },
    async settled() {
      while (lanes.size > 0) await Promise.all(lanes.values());
    },
  };
}

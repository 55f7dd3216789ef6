/** Keeps what happens in one chat in order while some of it waits for something first. */
export interface ChatOrder {
  /** Runs `step` after `wait` and after all steps given before for this chat have begun; at once when there is nothing to wait for. */
  after<Result>(chatId: string, wait: Promise<unknown> | null, step: () => Promise<Result>): Promise<Result>;
}

/** Makes an empty one. It holds a promise for each chat that waits, and nothing for others. */
export function chatOrder(): ChatOrder {
  const waiting = new Map<string, Promise<unknown>>();
  return {
    after(chatId, wait, step) {
      const before = waiting.get(chatId);
      if (before === undefined && wait === null) return step();
      const turn = Promise.allSettled([before, wait]);
      waiting.set(chatId, turn);
      return turn.then(() => {
        if (waiting.get(chatId) === turn) waiting.delete(chatId);
        return step();
      });
    },
  };
}

import { type Refusal, RefusalError } from "./refusal.ts";

/** Updates that wait for a bot (core.telegram.org/bots/api#getupdates). */
export interface UpdateQueue {
  /** Adds one, without its number; resolves the poll that waits. Returns the number it got. */
  push(update: Readonly<Record<string, unknown>>): number;
  /** What a poll is answered with: JSON, when there is something or `timeoutMs` is over; a poll that waits already is refused then. */
  poll(request: PollRequest): Promise<string>;
  /** How many are not confirmed. */
  size(): number;
  /** Whether a poll waits. */
  isPolled(): boolean;
  /** Takes the first one off, for a webhook; null when there is none. */
  first(): { readonly id: number; readonly json: string } | null;
  /** Drops all before this number. */
  confirm(before: number): void;
}

/** A call of `getUpdates`. */
export interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  /** Aborts when whoever asked is gone. */
  readonly signal: AbortSignal;
}

const conflict: Refusal = {
  code: 409,
  description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
};

/** An empty queue whose first update gets this number. */
export function openUpdateQueue(firstId: number): UpdateQueue {
  let nextId = firstId;
  const waiting: { readonly id: number; readonly json: string }[] = [];
  let poller: { wake(): void; refuse(): void } | null = null;

  const confirm = (before: number) => {
    const first = waiting[0];
    if (first !== undefined && before > first.id) waiting.splice(0, before - first.id);
  };
  const answer = (limit: number) =>
    `{"ok":true,"result":[${waiting
      .slice(0, limit)
      .map(({ json }) => json)
      .join(",")}]}`;

  return {
    push(update) {
      const id = nextId++;
      waiting.push({ id, json: JSON.stringify({ update_id: id, ...update }) });
      // What is said in the same moment is told together.
      if (poller !== null) setImmediate(poller.wake);
      return id;
    },
    async poll({ offset, limit, timeoutMs, signal }) {
      poller?.refuse();
      confirm(offset);
      if (waiting.length === 0 && timeoutMs > 0) {
        await new Promise<void>((resolve, reject) => {
          const end = () => {
            clearTimeout(timer);
            if (poller === mine) poller = null;
            resolve();
          };
          const mine = {
            wake: end,
            refuse() {
              // Before `end`, which resolves.
              reject(new RefusalError(conflict));
              end();
            },
          };
          const timer = setTimeout(end, timeoutMs);
          poller = mine;
          signal.addEventListener("abort", end);
        });
      }
      return answer(limit);
    },
    size: () => waiting.length,
    isPolled: () => poller !== null,
    first: () => waiting[0] ?? null,
    confirm,
  };
}

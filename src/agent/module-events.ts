import { type Clock, sleep } from "../clock/clock.ts";
import type { AgentEvent } from "./backend.ts";
import { moduleEvent } from "./module-event.ts";
import { orderlyTurn } from "./orderly-turn.ts";

/** How long a module may take to end after it was told to stop; then it is left to itself, so that the turn ends within its second. */
const STOP_GRACE_MS = 700;

/** What a module's function yields, as an agent's events. Code that does not heed the signal is left behind: it can't be ended. */
export function moduleEvents(
  start: () => AsyncIterable<unknown>,
  signal: AbortSignal,
  clock: Clock,
): AsyncGenerator<AgentEvent> {
  return orderlyTurn(() => heeded(start, signal, clock), signal);
}

async function* heeded(
  start: () => AsyncIterable<unknown>,
  signal: AbortSignal,
  clock: Clock,
): AsyncGenerator<AgentEvent> {
  if (signal.aborted) return;
  const events = start()[Symbol.asyncIterator]();
  let giveUp = () => {};
  const abandoned = new Promise<null>((resolve) => {
    giveUp = () => void sleep(clock, STOP_GRACE_MS).then(() => resolve(null));
  });
  signal.addEventListener("abort", giveUp);
  try {
    for (;;) {
      const next = await Promise.race([events.next(), abandoned]);
      if (next === null || next.done === true) return;
      yield moduleEvent(next.value);
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
    // Lets it tidy up. One that was left behind may never get there, and nobody would hear what it throws.
    void Promise.resolve(events.return?.()).catch(() => {});
  }
}

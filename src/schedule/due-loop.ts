import type { Clock, Timer } from "../clock/clock.ts";

/** Looks when something is due, and sleeps until the next. */
export interface DueLoop extends Disposable {
  /** Something is due at this time now: wakes the loop earlier if need be. */
  expect(atMs: number): void;
  /** Something may be due now: looks at once, or again after the look that is under way. */
  poke(): void;
}

/** Longest sleep: timers stand still while the machine is suspended, and the wall clock may be corrected. */
export const MAX_SLEEP_MS = 30_000;

/** Starts a loop with a first look at once; `nextDueAt` finds the first time after now at which something is due, `look` does what is due. */
export function startDueLoop(options: {
  readonly clock: Clock;
  readonly nextDueAt: (nowMs: number) => number | null;
  readonly look: () => Promise<unknown>;
  /** Told when a look failed; the loop goes on. */
  readonly onError: (error: unknown) => void;
}): DueLoop {
  const { clock, onError } = options;
  let timer: Timer | null = null;
  let wakeAtMs = Number.POSITIVE_INFINITY;
  let isPoked = false;
  let isClosed = false;

  const sleepUntilNext = () => {
    if (isClosed) return;
    const nowMs = clock.nowMs();
    // What is due now was looked at: whatever kept it waiting still does.
    const nextMs = isPoked ? nowMs : (options.nextDueAt(nowMs) ?? Number.POSITIVE_INFINITY);
    isPoked = false;
    wakeAtMs = Math.min(nextMs, nowMs + MAX_SLEEP_MS);
    timer = clock.setTimer(wakeAtMs - nowMs, wake);
  };

  const wake = () => {
    timer = null;
    options.look().catch(onError).finally(sleepUntilNext);
  };
  wake();

  const wakeAt = (atMs: number) => {
    if (timer === null || atMs >= wakeAtMs) return;
    timer.cancel();
    wakeAtMs = atMs;
    timer = clock.setTimer(Math.max(0, atMs - clock.nowMs()), wake);
  };
  return {
    expect: wakeAt,
    poke() {
      if (timer === null) isPoked = true;
      else wakeAt(Number.NEGATIVE_INFINITY);
    },
    [Symbol.dispose]() {
      isClosed = true;
      timer?.cancel();
    },
  };
}

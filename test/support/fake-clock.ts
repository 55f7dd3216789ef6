import type { Clock } from "../../src/clock/clock.ts";

/** A clock that stands still until it is told to move, and fires timers in order of their time. */
export interface FakeClock extends Clock {
  /** Moves time forward and fires what falls due on the way, letting promises settle between firings. */
  advance(byMs: number): Promise<void>;
  /** Changes the wall clock alone, as a suspended machine or a corrected clock does: no timer moves. */
  jumpWallClock(toMs: number): void;
  /** How many timers are set. */
  timerCount(): number;
}

/** A fake clock that starts at `startMs` (milliseconds since 1970 UTC). */
export function fakeClock(startMs: number): FakeClock {
  let elapsedMs = 0;
  let offsetMs = startMs;
  let nextId = 1;
  const timers = new Map<number, { dueMs: number; fire: () => void }>();
  return {
    nowMs: () => offsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, fire) {
      const id = nextId++;
      timers.set(id, { dueMs: elapsedMs + Math.max(delayMs, 0), fire });
      return { cancel: () => void timers.delete(id) };
    },
    async advance(byMs) {
      const untilMs = elapsedMs + byMs;
      for (;;) {
        await settle();
        const due = [...timers]
          .filter(([, t]) => t.dueMs <= untilMs)
          .sort((a, b) => a[1].dueMs - b[1].dueMs || a[0] - b[0])[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        elapsedMs = Math.max(elapsedMs, due[1].dueMs);
        due[1].fire();
      }
      elapsedMs = untilMs;
      await settle();
    },
    jumpWallClock(toMs) {
      offsetMs = toMs - elapsedMs;
    },
    timerCount: () => timers.size,
  };
}

/** Lets promise callbacks and what they queue with setImmediate run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

import { randomBytes, randomInt } from "node:crypto";

/** A timer that has been set; cancelling it twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as the program sees it: the only source of "now" and of timers, so that tests can move it by hand. */
export interface Clock {
  /** Wall-clock time, milliseconds since 1970 UTC; may jump in either direction. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start, never running backwards: for measuring how long something took. */
  monotonicMs(): number;
  /** Calls `fire` once after `delayMs` (clamped to 0…2³¹−1). It does not advance while the machine is suspended. */
  setTimer(delayMs: number, fire: () => void): Timer;
}

const MAX_TIMER_MS = 2 ** 31 - 1; // what setTimeout accepts; more fires at once

/** The machine's own clock. Its timers do not keep the process alive by themselves. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, fire) {
    const handle = setTimeout(fire, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves in the next turn of the event loop, after what waits for this one: whoever may as well come second steps back with it. */
export function nextLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Resolves after `delayMs` (at once when that is not above 0), or when `signal` aborts; it never rejects: ask the signal which it was. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (delayMs <= 0 || signal?.aborted) {
      resolve();
      return;
    }
    const stop = () => {
      timer.cancel();
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const timer = clock.setTimer(delayMs, stop);
    signal?.addEventListener("abort", stop);
  });
}

/** Lower-case hexadecimal from the system's random source, two characters a byte. */
export function randomHex(sizeBytes: number): string {
  return randomBytes(sizeBytes).toString("hex");
}

/** `length` characters of an alphabet from the system's random source, each as likely as any other. */
export function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

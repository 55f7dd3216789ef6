import type { Clock } from "../clock/clock.ts";

/** Asks something that may never answer, and may not listen to its signal: rejects after `timeoutMs`, or when `signal` aborts. */
export async function inTime<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const late = new AbortController();
  const both = AbortSignal.any([signal, late.signal]);
  const timer = clock.setTimer(timeoutMs, () => late.abort(new Error(`no answer within ${timeoutMs} ms`)));
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
  const stop = () => giveUp(both.reason);
  both.addEventListener("abort", stop);
  try {
    return await Promise.race([ask(both), given]);
  } finally {
    timer.cancel();
    both.removeEventListener("abort", stop);
  }
}

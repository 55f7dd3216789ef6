import type { Clock } from "./clock.ts";

/** What `ask` gives; null when it takes longer than `timeoutMs`, or `stopping` aborts: what heeds no signal is left alone. Rejects as `ask` does. */
export async function inTime<T>(
  ask: (signal: AbortSignal) => Promise<T> | undefined,
  clock: Clock,
  timeoutMs: number,
  stopping: AbortSignal,
): Promise<T | null> {
  if (stopping.aborted) return null;
  const ending = new AbortController();
  const ended = new Promise<null>((resolve) => ending.signal.addEventListener("abort", () => resolve(null)));
  const end = () => ending.abort();
  const timer = clock.setTimer(timeoutMs, end);
  stopping.addEventListener("abort", end);
  try {
    return (await Promise.race([ask(ending.signal), ended])) ?? null;
  } finally {
    timer.cancel();
    stopping.removeEventListener("abort", end);
  }
}

import type { Clock, Timer } from "../clock/clock.ts";
import { indexNext, isIndexBehind } from "./search-index.ts";
import type { Reader } from "./sqlite.ts";
import type { Writer } from "./writer.ts";

/**
 * Keeps the full-text index a moment behind the rows. Written with each line, it is half of the pages of the transactions that somebody waits for;
 * written for many lines at once, it is smaller work as well.
 */
export interface IndexBehind {
  /** Lines were written. */
  wrote(): void;
  /** Resolves when whatever was written is found. Rejects with a `StoreError` when that can't be stored. */
  catchUp(): Promise<void>;
  close(): void;
}

/** How long lines wait for others. */
const DELAY_MS = 250;
/** Between two tries when the index can't be written. */
const RETRY_MS = 15_000;

/** Opens it for a database that may have lines which are not indexed yet; `failed` is told of what could not be written in the background. */
export function openIndexBehind(options: {
  readonly reader: Reader;
  readonly write: Writer["write"];
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}): IndexBehind {
  const { reader, write, clock, failed } = options;
  let timer: Timer | null = null;
  /** Whether there are lines that no run has begun to index. */
  let isBehind = false;
  let running: Promise<void> = Promise.resolve();

  const run = async () => {
    try {
      // A step shares its transaction with whatever else is written then.
      while (await write(indexNext));
    } catch (error) {
      isBehind = true;
      later(RETRY_MS);
      throw error;
    }
  };
  const catchUp = (): Promise<void> => {
    if (!isBehind) return running;
    isBehind = false;
    timer?.cancel();
    timer = null;
    running = run();
    return running;
  };
  const later = (delayMs: number) => {
    timer ??= clock.setTimer(delayMs, () => {
      timer = null;
      catchUp().catch(failed);
    });
  };
  const wrote = () => {
    isBehind = true;
    later(DELAY_MS);
  };

  if (isIndexBehind(reader)) wrote();
  return { wrote, catchUp, close: () => timer?.cancel() };
}

import type { Clock, Timer } from "../clock/clock.ts";
import type { Connection } from "./sqlite.ts";

/** Merges the full-text index while nothing else is written: done inline, it made the slowest writes three times slower. */
export interface SearchMerge {
  /** Something was written: merging waits for the next quiet moment. */
  wrote(): void;
  close(): void;
}

/** How long nothing must be written before merging begins. */
const QUIET_MS = 300;
/** Between two steps, so that a message that arrives meanwhile waits for one step at most. */
const STEP_MS = 20;
/** Pages of index merged in one step: a few milliseconds. */
const PAGES_A_STEP = 64;

/** Starts merging in quiet moments; `failed` is told of a step that could not be written (it is tried again after the next write). */
export function openSearchMerge(
  connection: Pick<Connection, "mergeSearchIndex">,
  clock: Clock,
  failed: (error: unknown) => void,
): SearchMerge {
  let timer: Timer | null = null;
  let lastWriteMs = 0;

  const later = (delayMs: number) => {
    timer = clock.setTimer(delayMs, () => {
      timer = null;
      const quietMs = clock.monotonicMs() - lastWriteMs;
      if (quietMs < QUIET_MS) later(QUIET_MS - quietMs);
      else if (step()) later(STEP_MS);
    });
  };
  const step = (): boolean => {
    try {
      return connection.mergeSearchIndex(PAGES_A_STEP);
    } catch (error) {
      failed(error);
      return false;
    }
  };
  return {
    wrote() {
      lastWriteMs = clock.monotonicMs();
      if (timer === null) later(QUIET_MS);
    },
    close() {
      timer?.cancel();
    },
  };
}

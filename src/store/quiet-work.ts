import type { Clock, Timer } from "../clock/clock.ts";
import type { Connection } from "./sqlite.ts";

/**
 * Tidies the database while nothing else is written: merges the full-text index, then copies a long write-ahead log into the file.
 * Done inline, either makes some message wait: merging made the slowest writes three times slower.
 */
export interface QuietWork {
  /** Something was written: tidying waits for the next quiet moment. */
  wrote(): void;
  close(): void;
}

/** How long nothing must be written before it begins. */
const QUIET_MS = 300;
/** Between two steps, so that a message that arrives meanwhile waits for one step at most. */
const STEP_MS = 20;
/** Pages of index merged in one step: a few milliseconds. */
const PAGES_A_STEP = 64;
/** A log shorter than this is left: each copy costs two fsyncs more, and a few pages are not worth them. */
const LOG_PAGES = 1_000;

/** Starts working in quiet moments; `failed` is told of a step that could not be written (it is tried again after the next write). */
export function openQuietWork(
  connection: Pick<Connection, "mergeSearchIndex" | "checkpoint">,
  clock: Clock,
  failed: (error: unknown) => void,
): QuietWork {
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
      if (connection.mergeSearchIndex(PAGES_A_STEP)) return true;
      // Last, so that what merging wrote is copied too.
      connection.checkpoint(LOG_PAGES);
      return false;
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

import { backOffMs } from "../clock/back-off.ts";
import { type Clock, sleep } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import type { SessionStore } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { Tx } from "../store/writer.ts";

/** First wait before a write that the database refused is tried again; each further one is twice as long. */
export const FIRST_PERSIST_RETRY_MS = 500;
/** Longest such wait: room on a disk comes back unannounced. */
const MAX_RETRY_MS = 15_000;

/** Writes what is worked out as soon as the disk takes it, however long that is. Resolves with null when the daemon stops before that; rejects when the work itself is broken. */
export type Persist = <T>(work: (tx: Tx) => T) => Promise<T | null>;

/** Opens it, for writes that were refused a moment ago: it waits before its first try. */
export function openPersist(
  parts: { readonly store: SessionStore; readonly clock: Clock; readonly events: Events },
  stopping: AbortSignal,
): Persist {
  const { store, clock, events } = parts;
  return async (work) => {
    for (let failures = 1; ; failures++) {
      await sleep(clock, backOffMs(failures, FIRST_PERSIST_RETRY_MS, MAX_RETRY_MS), stopping);
      try {
        return await store.write(work);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        events.storeWriteFailed({ error });
        if (stopping.aborted) return null;
      }
    }
  };
}

import type { Clock, Timer } from "../clock/clock.ts";
import { pruneMedia } from "../media/prune-media.ts";
import type { Events } from "../observe/events.ts";
import { deleteInbox, selectOldestInbox } from "../store/inbox.ts";
import { deleteDoneJobs } from "../store/jobs.ts";
import { deleteOutbox, selectGreatestOutboxId, selectOldestOutbox } from "../store/outbox.ts";
import { pruneOverheard } from "../store/overheard.ts";
import type { SessionStore } from "../store/store.ts";
import { pruneAllReports } from "./job-report.ts";

const HOUR_MS = 60 * 60_000;
/** How long a finished inbox row is remembered: platforms redeliver, and catch-up re-reads, within days. */
const INBOX_KEPT_MS = 7 * 24 * HOUR_MS;
/** How long a sent post is remembered: for pages that reconnect, and repeated requests for an answer. */
const OUTBOX_KEPT_MS = 24 * HOUR_MS;
/** How long what was said near the bot is kept: it is context for a day, and known to catch-up as long. */
const OVERHEARD_KEPT_MS = 25 * HOUR_MS;
/** Rows looked at in one transaction. */
const BATCH = 500;
/** How long a job that is done is remembered, with its runs. */
const DONE_JOBS_KEPT_MS = 90 * 24 * HOUR_MS;

/** Forgets finished inbox and outbox rows when their time is over, every hour. */
export function openHousekeeping(options: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  /** The media folder, absolute. */
  readonly mediaFolder: string;
  /** The folder of the jobs' reports, absolute. */
  readonly reportsFolder: string;
}): { readonly close: () => void } {
  const { store, clock, events, mediaFolder, reportsFolder } = options;
  let timer: Timer;
  let isClosed = false;
  const tidy = () => {
    sweep(store, clock.nowMs())
      .then(() => sweepMedia(mediaFolder, clock.nowMs()))
      .then(() => pruneAllReports(reportsFolder, clock.nowMs()))
      .catch((error: unknown) => events.storeWriteFailed({ error }))
      .finally(() => {
        if (!isClosed) timer = clock.setTimer(HOUR_MS, tidy);
      });
  };
  timer = clock.setTimer(HOUR_MS, tidy);
  return {
    close() {
      isClosed = true;
      timer.cancel();
    },
  };
}

/** Deletes files that came with messages, or went out with answers, when their time is over. */
async function sweepMedia(folder: string, nowMs: number): Promise<void> {
  for (let isDone = false; !isDone; ) ({ isDone } = await pruneMedia(folder, { nowMs }));
}

/** Forgets what is past its time, a batch a transaction, so that nobody waits long behind it. */
export async function sweep(store: SessionStore, nowMs: number): Promise<void> {
  for (;;) {
    const old = selectOldestInbox(store.reader, BATCH).filter((row) => row.received_at_ms < nowMs - INBOX_KEPT_MS);
    if (old.length === 0) break;
    await store.write((tx) => {
      for (const row of old) deleteInbox(tx, row.id);
    });
  }
  for (;;) {
    // The last number stays in use: the next post must not get one that pages have seen.
    const last = selectGreatestOutboxId(store.reader);
    const old = selectOldestOutbox(store.reader, BATCH).filter(
      (row) => row.created_at_ms < nowMs - OUTBOX_KEPT_MS && row.id !== last,
    );
    if (old.length === 0) break;
    await store.write((tx) => {
      for (const row of old) deleteOutbox(tx, row.id);
    });
  }
  while ((await store.write((tx) => deleteDoneJobs(tx, nowMs - DONE_JOBS_KEPT_MS, BATCH))) > 0);
  while ((await store.write((tx) => pruneOverheard(tx, nowMs - OVERHEARD_KEPT_MS, BATCH))) > 0);
}

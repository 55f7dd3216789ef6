import type { Clock } from "../clock/clock.ts";
import { deletePlacement } from "../store/change-placement.ts";
import { selectForgotten } from "../store/forgotten-memory.ts";
import { deleteOldDeliveries } from "../store/hook-deliveries.ts";
import { deleteOldJobs } from "../store/lifecycle-dues.ts";
import { selectLifecycleRules } from "../store/lifecycle-rules.ts";
import { deleteOrphanNodes } from "../store/orphan-nodes.ts";
import { dateUndated, selectDueForPurge } from "../store/purge-dates.ts";
import { purgeStep } from "../store/purge-session.ts";
import type { SessionRow } from "../store/session.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import { clearExpiredTokens } from "../store/windows.ts";

/** Rows in one transaction, so that nobody waits long behind it. */
const BATCH = 500;
/** Sessions looked at in one run; what is left is the next run's. */
const MAX_PURGED = 1_000;
const DAY_MS = 24 * 60 * 60_000;
const JOBS_KEPT_MS = 7 * DAY_MS;
const DELIVERIES_KEPT_MS = 30 * DAY_MS;
/** How long what was forgotten can be asked for by an operator with a backup at hand; nobody else sees it. */
const FORGOTTEN_KEPT_MS = 30 * DAY_MS;

/** What a cleaning removed. */
export interface Garbage {
  /** The ids of sessions whose content went. */
  readonly purged: readonly string[];
  /** Sessions that were to be purged and could not be: they stay, and are tried again. */
  readonly kept: readonly { readonly sessionId: string; readonly error: unknown }[];
  readonly jobs: number;
  readonly tokens: number;
  readonly memories: number;
  readonly nodes: number;
  readonly deliveries: number;
}

/** What a cleaning works with. */
export interface GarbageOptions {
  readonly store: Pick<SessionStore, "reader" | "write" | "replaceTranscriptFile">;
  readonly clock: Clock;
  /** Called before a session is purged, to take away a copy; where it fails the session stays. */
  readonly beforePurge?: (session: SessionRow) => Promise<void>;
}

/** Removes what is past its time and nothing else, in small transactions. One that dies on the way goes on at the next run. */
export async function collectGarbage(options: GarbageOptions): Promise<Garbage> {
  const { store, clock } = options;
  const nowMs = clock.nowMs();
  const { retentionMs } = selectLifecycleRules(store.reader);
  if (retentionMs !== null) await repeat(() => store.write((tx) => dateUndated(tx, nowMs + retentionMs, BATCH)));
  const { purged, kept } = await purgeDue(options, nowMs);
  return {
    purged,
    kept,
    jobs: await repeat(() => store.write((tx) => deleteOldJobs(tx, nowMs - JOBS_KEPT_MS, BATCH))),
    tokens: await repeat(() => store.write((tx) => clearExpiredTokens(tx, nowMs, BATCH))),
    memories: await repeat(() =>
      store.write((tx) => {
        const forgotten = selectForgotten(tx, nowMs - FORGOTTEN_KEPT_MS, BATCH);
        for (const placement of forgotten) deletePlacement(tx, { ...placement, state: "forgotten" });
        return forgotten.length;
      }),
    ),
    nodes: await sweepNodes(store),
    deliveries: await repeat(() => store.write((tx) => deleteOldDeliveries(tx, nowMs - DELIVERIES_KEPT_MS, BATCH))),
  };
}

async function repeat(step: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const count = await step();
    total += count;
    if (count < BATCH) return total;
  }
}

async function sweepNodes(store: GarbageOptions["store"]): Promise<number> {
  let total = 0;
  for (let after: string | null = ""; after !== null; ) {
    const from: string = after;
    const { removed, last } = await store.write((tx) => deleteOrphanNodes(tx, from, BATCH));
    total += removed;
    after = last;
  }
  return total;
}

async function purgeDue(options: GarbageOptions, nowMs: number): Promise<Pick<Garbage, "purged" | "kept">> {
  const purged: string[] = [];
  const kept: { sessionId: string; error: unknown }[] = [];
  for (const session of selectDueForPurge(options.store.reader, nowMs, MAX_PURGED)) {
    try {
      if (session.end_reason !== "delete") await options.beforePurge?.(session);
      if (await purge(options, session.id, nowMs)) purged.push(session.session_id);
    } catch (error) {
      kept.push({ sessionId: session.session_id, error });
    }
  }
  return { purged, kept };
}

/** True when something of it went: a tombstone that stays is not purged each hour. */
async function purge({ store }: GarbageOptions, row: number, nowMs: number): Promise<boolean> {
  for (let hadContent = false; ; ) {
    const step = await store.write((tx) => {
      const session = selectSessionRow(tx, row);
      // Somebody may have gone back to it since it was looked for.
      if (session === null || !isDue(session, nowMs)) return null;
      const done = purgeStep(tx, session, nowMs, BATCH);
      if (done.kind === "erased") tx.afterCommit(() => store.replaceTranscriptFile(session.session_id));
      return done;
    });
    if (step?.kind !== "more") return hadContent;
    hadContent = true;
  }
}

function isDue(session: SessionRow, nowMs: number): boolean {
  return session.live === 0 && session.purge_after_ms !== null && session.purge_after_ms <= nowMs;
}

import { type LifecycleRules, putLifecycleRules, selectLifecycleRules } from "../store/lifecycle-rules.ts";
import { undate } from "../store/purge-dates.ts";
import type { SessionStore } from "../store/store.ts";

const BATCH = 500;

/**
 * Puts retention and hooks into force, at start. A retention that has changed counts from now on: dates that were given are taken back, and the
 * next cleaning gives new ones, so that nothing is purged sooner than a full retention after the change.
 */
export async function applyLifecycleRules(
  store: Pick<SessionStore, "reader" | "write">,
  rules: LifecycleRules,
): Promise<void> {
  const before = selectLifecycleRules(store.reader);
  if (before.retentionMs !== rules.retentionMs) {
    while ((await store.write((tx) => undate(tx, BATCH))) > 0);
  }
  await store.write((tx) => putLifecycleRules(tx, rules));
}

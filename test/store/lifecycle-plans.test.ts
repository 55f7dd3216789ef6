import assert from "node:assert/strict";
import { test } from "node:test";
import {
  selectArchive,
  selectArchives,
  selectArchivesToRedo,
  selectLatestArchive,
  selectLiveArchives,
  selectMergedArchives,
  updateMerged,
  windowStart,
} from "../../src/store/archives.ts";
import { retargetPlacements } from "../../src/store/change-placement.ts";
import { markExtracted, pendingExtraction, unmarkExtracted } from "../../src/store/extractions.ts";
import { selectForgotten } from "../../src/store/forgotten-memory.ts";
import {
  deleteOldDeliveries,
  markDelivered,
  markDeliveryFailed,
  postponeDelivery,
  selectDeadDeliveries,
  selectDueDeliveries,
  selectNextDeliveryAt,
  selectPendingDeliveryAt,
} from "../../src/store/hook-deliveries.ts";
import {
  deleteOldJobs,
  selectDueJobs,
  selectLapsedJobs,
  selectNextLifecycleDue,
} from "../../src/store/lifecycle-dues.ts";
import { writeEvent } from "../../src/store/lifecycle-events.ts";
import {
  endJob,
  failJobsOver,
  renewLease,
  selectJob,
  selectJobsOfSession,
  selectOpenJob,
  takeJob,
} from "../../src/store/lifecycle-jobs.ts";
import { selectNode } from "../../src/store/memory-nodes.ts";
import {
  countSessionsSaying,
  selectAnyPlacements,
  selectNewestPlacements,
  selectPlacement,
  selectPlacements,
  selectPlacementsOfAuthor,
  selectPlacementsOfNode,
  selectPlacementsOfSource,
  selectSamePlacements,
} from "../../src/store/memory-placements.ts";
import { findMemory } from "../../src/store/memory-search.ts";
import { deleteOrphanNodes } from "../../src/store/orphan-nodes.ts";
import { dateUndated, selectDueForPurge, undate } from "../../src/store/purge-dates.ts";
import { clearExpiredTokens, freshWindow, moveWindow, putWindow, selectWindow } from "../../src/store/windows.ts";
import type { Tx } from "../../src/store/writer.ts";
import { plansOf } from "../support/plans-of.ts";
import { dmSource, testStore } from "../support/test-store.ts";

/** What compaction, memory, hooks and cleaning ask. */
const lifecycle: Readonly<Record<string, (tx: Tx) => unknown>> = {
  "where a window begins": (tx) => windowStart(tx, 1),
  "the latest archive": (tx) => selectLatestArchive(tx, 1),
  "live archives": (tx) => selectLiveArchives(tx, 1),
  "all archives": (tx) => selectArchives(tx, 1),
  "archives that were merged": (tx) => selectMergedArchives(tx, 1),
  "archives to be made again": (tx) => selectArchivesToRedo(tx, 1, 9),
  "an archive": (tx) => selectArchive(tx, "a"),
  "merging archives": (tx) => updateMerged(tx, { session: 9, row: 9, toSeq: 9 }),
  "marking lines": (tx) => markExtracted(tx, 1, { fromSeq: 1, toSeq: 1 }),
  "unmarking lines": (tx) => unmarkExtracted(tx, 9, 5),
  "pending lines": (tx) => pendingExtraction(tx, 1, 9),
  "a window": (tx) => selectWindow(tx, 1),
  "setting a window": (tx) => putWindow(tx, 1, freshWindow),
  "moving a window": (tx) => moveWindow(tx, 9),
  "old tokens": (tx) => clearExpiredTokens(tx, 1, 9),
  "a job": (tx) => selectJob(tx, 9),
  "the open job": (tx) => selectOpenJob(tx, 1, "commit"),
  "the jobs of a session": (tx) => selectJobsOfSession(tx, 1, 9),
  "taking a job": (tx) => takeJob(tx, { id: 9, owner: "o", leaseUntilMs: 1 }),
  "a lease": (tx) => renewLease(tx, { id: 9, owner: "o", attempt: 1, leaseUntilMs: 1 }),
  "ending a job": (tx) => endJob(tx, { id: 9, state: "done", finishedAtMs: 1 }),
  "jobs over lines": (tx) => failJobsOver(tx, 9, 1),
  "lapsed jobs": (tx) => selectLapsedJobs(tx, 1, 9),
  "due jobs": (tx) => selectDueJobs(tx, 1, 9),
  "the next due": (tx) => selectNextLifecycleDue(tx, 0),
  "old jobs": (tx) => deleteOldJobs(tx, 1, 9),
  "an event": (tx) => writeEvent(tx, { kind: "session.ended", sessionId: "s", sessionKey: "k", data: {}, atMs: 1 }),
  "due deliveries": (tx) => selectDueDeliveries(tx, 1, 9),
  "dead deliveries": (tx) => selectDeadDeliveries(tx, 9),
  "the next delivery": (tx) => selectNextDeliveryAt(tx, 0),
  "a pending delivery": (tx) => selectPendingDeliveryAt(tx, { eventId: 9, hook: "h" }),
  "a delivery put off": (tx) => postponeDelivery(tx, { eventId: 9, hook: "h" }, 1),
  "a delivery": (tx) => markDelivered(tx, { eventId: 9, hook: "h" }, 1),
  "a failed delivery": (tx) => markDeliveryFailed(tx, { eventId: 9, hook: "h", attempts: 0 }, 1, "e"),
  "old deliveries": (tx) => deleteOldDeliveries(tx, 1, 9),
  "a node": (tx) => selectNode(tx, "a"),
  "orphan nodes": (tx) => deleteOrphanNodes(tx, "", 9),
  "a placement": (tx) => selectPlacement(tx, 9),
  "a scope": (tx) => selectPlacements(tx, { scope: "global", state: "active", after: 0, limit: 9 }),
  "a scope, newest first": (tx) =>
    selectNewestPlacements(tx, { scope: "global", state: "active", before: 9, limit: 9 }),
  "the same words": (tx) => selectSamePlacements(tx, "global", "f", 9),
  "where a node is": (tx) => selectPlacementsOfNode(tx, "a", "global"),
  "what a session taught": (tx) => selectPlacementsOfSource(tx, "s", 0, 9),
  "what a person said": (tx) => selectPlacementsOfAuthor(tx, "user:a", 0, 9),
  "all of a scope": (tx) => selectAnyPlacements(tx, "global", 0, 9),
  "sessions that say it": (tx) => countSessionsSaying(tx, "global", "f", 9),
  "what was forgotten": (tx) => selectForgotten(tx, 1, 9),
  "another scope": (tx) => retargetPlacements(tx, "chat:a", "chat:b"),
  "words of memory": (tx) => findMemory(tx, ["global", "user:a"], "some words", 9),
  "sessions to purge": (tx) => selectDueForPurge(tx, 1, 9),
  "sessions without a date": (tx) => dateUndated(tx, 1, 9),
  "taking dates back": (tx) => undate(tx, 9),
};

/** The full-text index, and indexes that hold nothing but the rows that are asked for. */
const isNoScan =
  /VIRTUAL TABLE INDEX|INDEX (?:lifecycle_jobs_(?:leases|due)|hook_deliveries_(?:due|dead)|archives_redo)\b/;
/** What one session was extracted in, or one scope knows in the same words, is little, and may be sorted. */
const isFew = /USE TEMP B-TREE .*"(?:extractions|fingerprint|addr)"/;

test("no statement of compaction, memory, hooks or cleaning reads a table from end to end", async () => {
  await using opened = await testStore();
  await opened.store.resolveSession(dmSource("1"), 0);
  for (const [name, act] of Object.entries(lifecycle)) {
    const plans = await plansOf(opened.store, act);
    const bad = plans.filter(
      (plan) => /^SCAN|TEMP B-TREE/.test(plan) && ![isNoScan, isFew].some((kind) => kind.test(plan)),
    );
    assert.deepEqual(bad, [], name);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  claimInbox,
  countWaiting,
  deleteInbox,
  finishInbox,
  insertInbox,
  releaseInbox,
  selectDeadInbox,
  selectInbox,
  selectInboxOfMessage,
  selectOldestInbox,
} from "../../src/store/inbox.ts";
import {
  countOpenRuns,
  hasOpenRun,
  selectJobRuns,
  selectOpenRuns,
  selectRunOfInbox,
} from "../../src/store/job-runs.ts";
import {
  claimJob,
  deleteDoneJobs,
  selectDueJobs,
  selectJobOfName,
  selectJobsOfMaker,
  selectNextJobAt,
} from "../../src/store/jobs.ts";
import { listSessions, type SessionFilter } from "../../src/store/list-sessions.ts";
import {
  deleteMessages,
  selectGreatestMessageRow,
  selectMessageRows,
  selectMessagesAfter,
  selectMessagesBefore,
  selectSeqOfMessage,
  selectSessionsWithMessagesAfter,
} from "../../src/store/messages.ts";
import { putMeta, selectMeta } from "../../src/store/meta.ts";
import { hasOpenInbox } from "../../src/store/open-inbox.ts";
import {
  markDead,
  markRetry,
  markSent,
  reviveOutbox,
  selectDeadOutbox,
  selectGreatestOutboxId,
  selectLaneHead,
  selectOldestOutbox,
  selectOutboxAfter,
  selectOutboxOfInbox,
} from "../../src/store/outbox.ts";
import { recordUsage } from "../../src/store/record-usage.ts";
import { searchMessages } from "../../src/store/search.ts";
import { indexNext, isIndexBehind, unindexMessages } from "../../src/store/search-index.ts";
import { selectDueSessions, selectLivePage, selectNextResetAt, updateNextReset } from "../../src/store/session-dues.ts";
import {
  clearPendingNotices,
  selectUntoldSession,
  updateEnded,
  updateErased,
  updateReopened,
} from "../../src/store/session-ends.ts";
import { deleteTag, insertTag, putSessionData, selectSessionData, selectTags } from "../../src/store/session-labels.ts";
import { sessionTitle } from "../../src/store/session-title.ts";
import {
  selectAnySession,
  selectLiveSession,
  selectResumable,
  selectSession,
  selectSessionRow,
  updateActivity,
  updateMessageCount,
  updateSource,
  updateTitle,
} from "../../src/store/sessions.ts";
import { selectStaleSessions, updateMirrorStale } from "../../src/store/stale-sessions.ts";
import { lastExchanges } from "../../src/store/undo.ts";
import { selectUsageTotals } from "../../src/store/usage-totals.ts";
import type { Tx } from "../../src/store/writer.ts";
import { plansOf } from "../support/plans-of.ts";
import { dmSource, line, testStore } from "../support/test-store.ts";

const lane = { platform: "slack", account: "default", chatId: "C1", threadId: null };
const message = { platform: "slack", account: "default", chatId: "C1", messageId: "m" };
const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 };

/** Whatever runs for each message, at each look of a timer, or for a page that somebody opens. */
const hot: Readonly<Record<string, (tx: Tx) => unknown>> = {
  "the live session of a key": (tx) => selectLiveSession(tx, "k"),
  "a session by id": (tx) => selectSession(tx, "x"),
  "a session by row": (tx) => selectSessionRow(tx, 1),
  "whether there is any session": (tx) => selectAnySession(tx),
  "what a person can go back to": (tx) => selectResumable(tx, "k", 10),
  "what was not told": (tx) => selectUntoldSession(tx, "k"),
  "telling it": (tx) => clearPendingNotices(tx, "k"),
  "ending a session": (tx) => updateEnded(tx, { row: 9, endedAtMs: 1, reason: "reset", notice: null }),
  "reopening a session": (tx) => updateReopened(tx, { row: 9, key: "k", atMs: 1, nextResetAtMs: null }),
  "erasing a session": (tx) => updateErased(tx, 9),
  "a person wrote": (tx) => updateActivity(tx, { row: 9, atMs: 1, nextResetAtMs: null, count: 1 }),
  "newer names": (tx) => updateSource(tx, 9, "{}"),
  "the number of lines": (tx) => updateMessageCount(tx, 9, 1),
  "a title": (tx) => updateTitle(tx, 9, "t"),
  "tokens and cost": (tx) => recordUsage(tx, 9, usage),
  "sessions that are due": (tx) => selectDueSessions(tx, { nowMs: 9, afterMs: -1, afterRow: 0, limit: 10 }),
  "the next reset": (tx) => selectNextResetAt(tx, 5),
  "a new due time": (tx) => updateNextReset(tx, 9, 5),
  "a page of live sessions": (tx) => selectLivePage(tx, 0, 10),
  "sessions whose files lag": (tx) => selectStaleSessions(tx),
  "marking a file": (tx) => updateMirrorStale(tx, 9, true),
  "a title made of the first words": (tx) => sessionTitle(tx, { id: 1, title: null }),
  "what a conversation has used": (tx) => selectUsageTotals(tx, "k"),
  "the end of a transcript": (tx) => lastExchanges(tx, { id: 1 }, 3),
  "the tail of a transcript": (tx) => selectMessagesBefore(tx, 1, 100, 20),
  "a transcript onwards": (tx) => selectMessagesAfter(tx, 1, 0, 20),
  "a known platform message": (tx) => selectSeqOfMessage(tx, 1, "m"),
  "the rows of an undo": (tx) => selectMessageRows(tx, 1, 5),
  "an undo": (tx) => deleteMessages(tx, 9, 5),
  "lines out of the search index": (tx) => unindexMessages(tx, [9]),
  "lines into the search index": (tx) => indexNext(tx),
  "whether the search index lags": (tx) => isIndexBehind(tx),
  "the sessions of the newest lines": (tx) => selectSessionsWithMessagesAfter(tx, 5),
  "the greatest line": (tx) => selectGreatestMessageRow(tx),
  "a search": (tx) => searchMessages(tx, "some words", { limit: 20 }),
  "a search in a session": (tx) => searchMessages(tx, "words", { limit: 20, sessionRow: 3, before: 99 }),
  "a search on a platform": (tx) => searchMessages(tx, "words", { limit: 20, platform: "slack" }),
  "a fact": (tx) => selectMeta(tx, "salt"),
  "setting a fact": (tx) => putMeta(tx, "salt", "x"),
  "the tags of a session": (tx) => selectTags(tx, 1),
  "a tag": (tx) => insertTag(tx, 1, "t"),
  "a tag less": (tx) => deleteTag(tx, 1, "t"),
  "the data of a session": (tx) => selectSessionData(tx, 1),
  "setting it": (tx) => putSessionData(tx, 1, {}),
  "a new inbox row": (tx) =>
    insertInbox(tx, { ...message, key: "k", agent: "main", payload: "{}", receivedAtMs: 1, mayReset: 1, begins: null }),
  "the inbox row of a platform message": (tx) => selectInboxOfMessage(tx, message),
  "an inbox row": (tx) => selectInbox(tx, 1),
  "the open inbox of a key": (tx) => hasOpenInbox(tx, "k"),
  "how many wait in a key": (tx) => countWaiting(tx, "k"),
  "claiming an inbox row": (tx) => claimInbox(tx, 9, null, null),
  "giving it back": (tx) => releaseInbox(tx, 9),
  "finishing it": (tx) => finishInbox(tx, { id: 9, state: "done", firstOutboxId: null, finishedAtMs: 1, error: null }),
  "forgetting it": (tx) => deleteInbox(tx, 9),
  "the oldest inbox rows": (tx) => selectOldestInbox(tx, 10),
  "inbox dead letters": (tx) => selectDeadInbox(tx, 99, 10),
  "the head of a lane": (tx) => selectLaneHead(tx, lane),
  "the head of a thread's lane": (tx) => selectLaneHead(tx, { ...lane, threadId: "1.2" }),
  "a post was sent": (tx) => markSent(tx, 9, "p", 1),
  "a post is tried again": (tx) => markRetry(tx, { id: 9, nextAttemptAtMs: 1, error: "e", mayHaveArrived: true }),
  "a post is given up": (tx) => markDead(tx, 9, "e"),
  "a post is revived": (tx) => reviveOutbox(tx, 9, 1),
  "the posts of an answer": (tx) => selectOutboxOfInbox(tx, 1, 1),
  "posts a page missed": (tx) => selectOutboxAfter(tx, "web", 5, 10),
  "the oldest posts": (tx) => selectOldestOutbox(tx, 10),
  "the greatest post": (tx) => selectGreatestOutboxId(tx),
  "jobs that are due": (tx) => selectDueJobs(tx, { nowMs: 9, afterMs: 0, afterId: 0, limit: 10 }),
  "the next job": (tx) => selectNextJobAt(tx, 5),
  "a job's name": (tx) => selectJobOfName(tx, "standup"),
  "a person's jobs": (tx) => selectJobsOfMaker(tx, "slack", "U1", 10),
  "claiming a job": (tx) =>
    claimJob(tx, { id: 9, runAtMs: 1, nextDueAtMs: null, nextRunAtMs: null, counts: 1, lastRunAtMs: 1 }),
  "a job's runs": (tx) => selectJobRuns(tx, 1, 10),
  "the run of an inbox row": (tx) => selectRunOfInbox(tx, 1),
  "runs that are open": (tx) => selectOpenRuns(tx, 10),
  "how many runs are open": (tx) => countOpenRuns(tx),
  "whether a job runs": (tx) => hasOpenRun(tx, 1),
  "jobs done long ago": (tx) => deleteDoneJobs(tx, 1, 10),
  "outbox dead letters": (tx) => selectDeadOutbox(tx, 99, 10),
};

/** The full-text index, and indexes that hold nothing but the rows that are asked for. */
const isNoScan = /VIRTUAL TABLE INDEX|INDEX (?:sessions_stale|inbox_dead|outbox_dead)\b/;
/** One key's sessions are few, and may be sorted. */
const isOneKey = /^USE TEMP B-TREE .*where "session_key" = \+?\?/;
/** What is open is all that this partial index holds. */
const isWholeIndexOfFew = /^SCAN job_runs USING (COVERING )?INDEX job_runs_open /;
/** The greatest and the oldest of a table are the ends of its own tree. */
const isEnd = /order by "id"( desc)? limit|select "id" from "sessions" limit/;

test("no statement of a turn, a timer or a page reads a table from end to end", async () => {
  await using opened = await testStore();
  const { session } = await opened.store.resolveSession(dmSource("1"), 0);
  await opened.store.appendMessages(session.sessionId, [line("words")]);
  for (const [name, act] of Object.entries(hot)) {
    const plans = await plansOf(opened.store, act);
    const allowed = [isNoScan, isOneKey, isEnd, isWholeIndexOfFew];
    const bad = plans.filter((plan) => /^SCAN|TEMP B-TREE/.test(plan) && !allowed.some((kind) => kind.test(plan)));
    assert.deepEqual(bad, [], name);
  }
});

const everyFilter: SessionFilter = {
  platform: "telegram",
  live: true,
  chatType: "dm",
  agentId: "main",
  chatId: "1",
  threadId: "2",
  sessionKey: "k",
  userId: "u",
  tag: "t",
  title: "x",
  createdFromMs: 1,
  createdToMs: 2,
  activeFromMs: 1,
  activeToMs: 2,
  cursor: "5.5",
};

test("no shape of a session list reads the sessions from end to end, and only short lists are sorted", async () => {
  await using opened = await testStore();
  await opened.store.resolveSession(dmSource("1"), 0);
  const names = ["limit", ...Object.keys(everyFilter)];
  const shapes = names.flatMap((one) => names.map((other) => new Set([one, other])));
  for (const shape of shapes) {
    const filter = Object.fromEntries(Object.entries(everyFilter).filter(([name]) => shape.has(name)));
    const plans = await plansOf(opened.store, (tx) => listSessions(tx, filter));
    const isNarrow = ["chatId", "sessionKey", "userId", "tag", "title"].some((name) => shape.has(name));
    const bad = plans.filter((plan) => /^SCAN/.test(plan) || (!isNarrow && /TEMP B-TREE/.test(plan)));
    assert.deepEqual(bad, [], [...shape].join());
    const index = /USING (?:COVERING )?INDEX sessions_(\w+)/;
    assert.ok(
      plans.some((plan) => index.test(plan) || /session_tags_by_tag/.test(plan)),
      [...shape].join(),
    );
  }
});

import { join } from "node:path";
import type { Usage } from "../agent/backend.ts";
import { type Clock, randomHex, systemClock } from "../clock/clock.ts";
import { sessionKey } from "../session/key.ts";
import type { SessionSource } from "../session/source.ts";
import { appendMessage, type Draft } from "./append-message.ts";
import { applyResetRules } from "./apply-reset-rules.ts";
import { deleteSession } from "./delete-session.ts";
import { openIndexBehind } from "./index-behind.ts";
import { listSessions, type SessionFilter, type SessionPage } from "./list-sessions.ts";
import { selectMessagesBefore } from "./messages.ts";
import { putMeta, selectMeta } from "./meta.ts";
import { MIRROR_DELAY_MS, openMirror } from "./mirror.ts";
import { openQuietWork } from "./quiet-work.ts";
import { recordUsage } from "./record-usage.ts";
import { resolveSession, restartSession, type SessionRules, touchSession } from "./resolve-session.ts";
import { rewriteTranscript } from "./rewrite-transcript.ts";
import { type SearchFilter, type SearchHit, searchMessages } from "./search.ts";
import { type Session, type SessionRow, sessionOf } from "./session.ts";
import { deleteTag, insertTag, putSessionData, readTitle, selectSessionData, selectTags } from "./session-labels.ts";
import {
  selectAnySession,
  selectLiveSession,
  selectSession,
  selectSessionRow,
  updateMessageCount,
  updateTitle,
} from "./sessions.ts";
import { openConnection, type Reader } from "./sqlite.ts";
import { type StoreStats, storeStats } from "./stats.ts";
import { StoreError } from "./store-error.ts";
import { type Switch, switchSession } from "./switch-session.ts";
import type { HealReport } from "./transcript-heal.ts";
import type { TranscriptMessage } from "./transcript-line.ts";
import { refuseUnfinishedRestore } from "./unfinished-restore.ts";
import { type Commit, openWriter, type Tx } from "./writer.ts";

/** A page of a transcript. */
export interface TranscriptPage {
  /** 1…1000. */
  readonly limit: number;
  /** Only lines before this `seq`; the newest ones when left out. */
  readonly before?: number;
}

/** What the store tells of itself. */
export interface StoreEvents {
  readonly committed: (commit: Commit) => void;
  readonly mirrorFailed: (sessionId: string, error: unknown) => void;
  readonly mirrorHealed: (sessionId: string, report: Extract<HealReport, { kind: "healed" }>) => void;
}

/** How to open a store. */
export interface StoreOptions {
  readonly dataDir: string;
  readonly rules: SessionRules;
  readonly clock?: Clock;
  readonly events?: StoreEvents;
  /** How long JSONL lines may lag behind their rows, so that several share a write; 100 when left out, 0 writes them with each commit. */
  readonly mirrorDelayMs?: number;
}

/**
 * Sessions and transcripts on disk: SQLite is the truth, `transcripts/*.jsonl` its mirror. Whatever changes something resolves when the change is on disk;
 * whatever fails rejects with a `StoreError` and changed nothing.
 */
export interface SessionStore extends AsyncDisposable {
  /** The live session of a message's conversation, or a new one, by the reset policy; moves the session's activity. */
  resolveSession(
    source: SessionSource,
    nowMs: number,
    agentId?: string,
  ): Promise<{ session: Session; reset: SessionReset | null }>;
  /** Appends lines and returns how many were new: a platform message id already stored is not stored twice. */
  appendMessages(sessionId: string, messages: readonly Draft[]): Promise<number>;
  /** A page, newest last; its cost does not depend on the length of the history. */
  transcript(sessionId: string, page: TranscriptPage): readonly TranscriptMessage[];
  rewriteTranscript(sessionId: string, messages: readonly Draft[]): Promise<void>;
  /** Ends the key's live session and opens a fresh one; null when none is live. */
  resetSession(key: string, reason: "reset" | "new", nowMs: number): Promise<Session | null>;
  /** Reopens an earlier session of the key. */
  switchSession(key: string, sessionId: string, nowMs: number): Promise<Switch["kind"]>;
  deleteSession(sessionId: string, nowMs: number): Promise<void>;
  session(sessionId: string): Session | null;
  liveSession(key: string): Session | null;
  listSessions(filter: SessionFilter): SessionPage;
  /** The newest lines with all words of `text`; whatever was stored before the call is found. */
  search(
    text: string,
    filter: Omit<SearchFilter, "sessionRow"> & { readonly sessionId?: string },
  ): Promise<readonly SearchHit[]>;
  stats(): StoreStats;
  setTitle(sessionId: string, title: string | null): Promise<void>;
  addTag(sessionId: string, tag: string): Promise<void>;
  removeTag(sessionId: string, tag: string): Promise<void>;
  tags(sessionId: string): readonly string[];
  setCustomData(sessionId: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  customData(sessionId: string): Readonly<Record<string, unknown>>;
  recordUsage(sessionId: string, usage: Usage): Promise<void>;
  /** Any session ever, ended ones included. */
  hasAnySessions(): boolean;
  /** Compares a session's JSONL file with its rows, and mends it. */
  healTranscript(sessionId: string): HealReport;
  /** Writes a session's JSONL file anew after a transaction that dropped lines; until then it is marked, and a start does it. */
  replaceTranscriptFile(sessionId: string): void;
  /** What is wrong with the database file; empty when all is well. */
  integrityProblems(): readonly string[];
  /** This installation's salt for hashes of people's ids. */
  readonly salt: string;
  readonly rules: SessionRules;
  /** For the parts of the daemon that read rows themselves. */
  readonly reader: Reader;
  /** For the parts of the daemon that write rows themselves: one transaction, shared with the others of this tick. */
  write<T>(work: (tx: Tx) => T): Promise<T>;
}

/** Why a session was ended by the policy, and its id. */
export interface SessionReset {
  readonly reason: "idle" | "daily";
  readonly previous: string;
}

const SALT_BYTES = 16;

/** Opens the store in `dataDir` (made if it is not there), mends lagging transcripts, and applies changed reset rules. Throws a `StoreError`. */
export async function openStore(options: StoreOptions): Promise<SessionStore> {
  const { rules, clock = systemClock, events } = options;
  refuseUnfinishedRestore(options.dataDir);
  await using opening = new AsyncDisposableStack();
  const connection = opening.adopt(openConnection(join(options.dataDir, "parley.db"), "write"), (it) => it.close());
  const quietWork = opening.adopt(
    openQuietWork(connection, clock, (error) => events?.mirrorFailed("search index", error)),
    (it) => it.close(),
  );
  const writer = openWriter(connection, {
    onLines: (lines) => {
      mirror.write(lines);
      index.wrote();
    },
    onCommit: (commit) => {
      quietWork.wrote();
      events?.committed(commit);
    },
    monotonicMs: clock.monotonicMs,
  });
  const { write } = writer;
  const index = opening.adopt(
    openIndexBehind({
      reader: connection,
      write,
      clock,
      failed: (error) => events?.mirrorFailed("search index", error),
    }),
    (it) => it.close(),
  );
  const mirror = opening.adopt(
    openMirror({
      folder: join(options.dataDir, "transcripts"),
      reader: connection,
      write,
      clock,
      delayMs: options.mirrorDelayMs ?? MIRROR_DELAY_MS,
      events: {
        writeFailed: (sessionId, error) => events?.mirrorFailed(sessionId, error),
        healed: (sessionId, report) => events?.mirrorHealed(sessionId, report),
      },
    }),
    (it) => it.close(),
  );
  opening.defer(() => writer.close());
  mirror.healLagging();
  await applyResetRules(connection, write, rules);
  const known = selectMeta(connection, "salt");
  const salt = known ?? randomHex(SALT_BYTES);
  if (known === null) await write((tx) => putMeta(tx, "salt", salt));
  const open = opening.move();

  const change = <T>(sessionId: string, act: (tx: Tx, session: SessionRow) => T) =>
    write((tx) => act(tx, existing(tx, sessionId)));

  return {
    salt,
    rules,
    reader: connection,
    write,
    async resolveSession(source, nowMs, agentId = "main") {
      const key = sessionKey(source, rules.keys, agentId);
      return await write((tx) => {
        const { session, reset } = resolveSession(tx, rules, { key, agentId, source, atMs: nowMs, mayReset: true });
        touchSession(tx, rules, session, nowMs, session.message_count);
        const touched = selectSessionRow(tx, session.id) ?? session;
        return {
          session: sessionOf(touched),
          reset: reset === null ? null : { reason: reset.reason, previous: reset.previous.session_id },
        };
      });
    },
    appendMessages: (sessionId, messages) =>
      change(sessionId, (tx, session) => {
        let seq = session.message_count;
        for (const message of messages) {
          if (appendMessage(tx, { row: session.id, sessionId }, seq + 1, message)) seq += 1;
        }
        updateMessageCount(tx, session.id, seq);
        return seq - session.message_count;
      }),
    transcript: (sessionId, { limit, before = Number.MAX_SAFE_INTEGER }) =>
      selectMessagesBefore(connection, existing(connection, sessionId).id, before, limit),
    rewriteTranscript: (sessionId, messages) =>
      change(sessionId, (tx, session) => {
        rewriteTranscript(tx, session, messages);
        tx.afterCommit(() => mirror.replace(sessionId));
      }),
    resetSession: (key, reason, nowMs) =>
      write((tx) => {
        const live = selectLiveSession(tx, key);
        if (live === null) return null;
        const { source, agentId } = sessionOf(live);
        return sessionOf(restartSession(tx, rules, { key, agentId, source, atMs: nowMs }, reason).session);
      }),
    switchSession: (key, sessionId, nowMs) => write((tx) => switchSession(tx, rules, key, sessionId, nowMs).kind),
    deleteSession: (sessionId, nowMs) =>
      change(sessionId, (tx, session) => {
        deleteSession(tx, session, nowMs);
        tx.afterCommit(() => mirror.remove(sessionId));
      }),
    session(sessionId) {
      const row = selectSession(connection, sessionId);
      return row === null || row.end_reason === "delete" ? null : sessionOf(row);
    },
    liveSession(key) {
      const row = selectLiveSession(connection, key);
      return row === null ? null : sessionOf(row);
    },
    listSessions: (filter) => listSessions(connection, filter),
    async search(text, { sessionId, ...filter }) {
      await index.catchUp().catch((error: unknown) => {
        // A full disk keeps nobody from reading: what came last is indexed in memory then.
        if (!(error instanceof StoreError && error.kind === "full")) throw error;
      });
      if (sessionId === undefined) return searchMessages(connection, text, filter);
      return searchMessages(connection, text, { ...filter, sessionRow: existing(connection, sessionId).id });
    },
    stats: () => storeStats(connection),
    setTitle: (sessionId, title) => change(sessionId, (tx, session) => updateTitle(tx, session.id, readTitle(title))),
    addTag: (sessionId, tag) => change(sessionId, (tx, session) => insertTag(tx, session.id, tag)),
    removeTag: (sessionId, tag) => change(sessionId, (tx, session) => deleteTag(tx, session.id, tag)),
    tags: (sessionId) => selectTags(connection, existing(connection, sessionId).id),
    setCustomData: (sessionId, data) => change(sessionId, (tx, session) => putSessionData(tx, session.id, data)),
    customData: (sessionId) => selectSessionData(connection, existing(connection, sessionId).id),
    recordUsage: (sessionId, usage) => change(sessionId, (tx, session) => recordUsage(tx, session.id, usage)),
    hasAnySessions: () => selectAnySession(connection),
    healTranscript: (sessionId) => mirror.heal(existing(connection, sessionId)),
    replaceTranscriptFile: (sessionId) => mirror.replace(sessionId),
    integrityProblems: connection.integrityProblems,
    async [Symbol.asyncDispose]() {
      try {
        // What could not be indexed is at the next start.
        await Promise.all([index.catchUp().catch(() => {}), mirror.settle()]);
      } finally {
        await open.disposeAsync();
      }
    },
  };
}

function existing(reader: Reader, sessionId: string): SessionRow {
  const session = selectSession(reader, sessionId);
  if (session === null || session.end_reason === "delete")
    throw new StoreError(
      "not_found",
      `no session ${JSON.stringify(sessionId.slice(0, 40))}. parley sessions list shows what there is.`,
    );
  return session;
}

import { mkdirSync } from "node:fs";
import type { Clock, Timer } from "../clock/clock.ts";
import {
  selectGreatestMessageRow,
  selectMessagesBefore,
  selectSessionsWithMessagesAfter,
  walkMessages,
} from "./messages.ts";
import { putMeta, selectMeta } from "./meta.ts";
import type { SessionRow } from "./session.ts";
import { selectSession, selectSessionRow } from "./sessions.ts";
import type { Reader } from "./sqlite.ts";
import { selectStaleSessions, updateMirrorStale } from "./stale-sessions.ts";
import { syncFiles } from "./sync-files.ts";
import { openTranscriptFiles } from "./transcript-files.ts";
import { type HealReport, healTranscript, quickCheck } from "./transcript-heal.ts";
import { transcriptLine } from "./transcript-line.ts";
import { transcriptPath } from "./transcript-path.ts";
import type { MirrorLines, Tx } from "./writer.ts";

/** Keeps `transcripts/<session_id>.jsonl` the exact mirror of the rows: appended after each commit, healed where it lags. */
export interface Mirror {
  /** Appends what a transaction made durable. It never throws: a file that cannot be written is told of once, marked, and mended later. */
  write(lines: MirrorLines): void;
  /** Replaces a rewritten session's file from its rows, or deletes that of a deleted one; never throws either. */
  replace(sessionId: string): void;
  /** Deletes the file of a session whose rows are gone; never throws either. */
  remove(sessionId: string): void;
  /** Compares one file with its rows from end to end, and mends it. Throws when the disk refuses. */
  heal(session: SessionRow): HealReport;
  /** Mends the files that may lag behind the database since the last run. */
  healLagging(): void;
  /** Syncs the files and stores how far the mirror has come; when that fails, the next start compares more. */
  settle(): Promise<void>;
  /** Lets go of the files; the writer has been closed before. */
  close(): void;
}

/** What a mirror tells: a file that could not be written (it is tried again), or one that had to be mended. */
export interface MirrorEvents {
  readonly writeFailed: (sessionId: string, error: unknown) => void;
  readonly healed: (sessionId: string, report: Extract<HealReport, { kind: "healed" }>) => void;
}

/** How soon the database learns what was found out about the files. */
const CHECKPOINT_MS = 1_000;
/** How often files are synced, and the database learns how far: a start after a crash or a power failure re-reads about this much. */
const SYNC_MS = 30_000;
/** Between two tries to mend a file that cannot be written. */
const RETRY_MS = 15_000;
/** Files kept open: the sessions that are active find theirs open, far below the usual limit of 1024. */
const MAX_OPEN_FILES = 256;
/** Last lines that are compared at start at least, and all that were not synced; a file that ends with them is taken as whole. */
const QUICK_LINES = 20;
/** With more lines than that the file is compared from end to end, which reads it in pieces. */
const MAX_QUICK_LINES = 1_000;
/** How long lines wait for others of their file by default: an active session's file is written some times a second, not with every commit. */
export const MIRROR_DELAY_MS = 100;
/** Lines that wait are written at once when there are so many, in UTF-16 units: a bound on memory. */
const MAX_GATHERED_LENGTH = 4 * 1024 * 1024;

/** Opens the mirror of a database; `write` is the store's writer, used for the mirror's own bookkeeping. */
export function openMirror(options: {
  readonly folder: string;
  readonly reader: Reader;
  readonly write: <T>(work: (tx: Tx) => T) => Promise<T>;
  readonly clock: Clock;
  readonly events: MirrorEvents;
  /** How long lines wait for others of their file; 0 writes them with each commit. */
  readonly delayMs: number;
}): Mirror {
  const { reader, clock, events, delayMs } = options;
  const files = openTranscriptFiles({ folder: options.folder, maxOpenFiles: MAX_OPEN_FILES });
  let throughRow = Number(selectMeta(reader, "mirrored_through") ?? 0);
  let syncedThroughRow = throughRow;
  let storedThroughRow = throughRow;
  /** Sessions whose files have more than the disk. */
  let unsynced = new Set<string>();
  let syncTimer: Timer | null = null;
  let timer: Timer | null = null;
  let isClosed = false;
  /** Lines that are on disk as rows, not yet in their files; what they say is safe, so that the files may follow a moment later. */
  const gathered = new Map<string, string>();
  let gatheredLength = 0;
  let gatheredThroughRow = 0;
  let gatherTimer: Timer | null = null;
  const changed = new Map<string, "stale" | "whole">();
  const failing = new Map<string, number>();

  const attempt = (sessionId: string, act: () => void): boolean => {
    try {
      act();
      failing.delete(sessionId);
      return true;
    } catch (error) {
      const isKnown = failing.has(sessionId);
      changed.set(sessionId, "stale");
      failing.set(sessionId, clock.monotonicMs() + RETRY_MS);
      if (!isKnown) events.writeFailed(sessionId, error);
      return false;
    }
  };

  const schedule = () => {
    if (isClosed) return;
    timer ??= clock.setTimer(CHECKPOINT_MS, () => {
      timer = null;
      retryFailing();
      // A checkpoint that fails (disk full) is repeated: what it says stays in memory.
      checkpoint().catch(schedule);
      if (failing.size > 0) schedule();
    });
  };

  const checkpoint = async () => {
    if (isClosed || (changed.size === 0 && syncedThroughRow === storedThroughRow)) return;
    const told = new Map(changed);
    const through = syncedThroughRow;
    const drops = selectMeta(reader, "message_drops");
    const isStored = await options.write((tx) => {
      // Lines dropped by this very transaction: their file is not replaced yet, and their row numbers may be in use again.
      if (selectMeta(tx, "message_drops") !== drops) return false;
      putMeta(tx, "mirrored_through", String(through));
      for (const [sessionId, state] of told) {
        const session = selectSession(tx, sessionId);
        if (session !== null) updateMirrorStale(tx, session.id, state === "stale");
      }
      return true;
    });
    if (!isStored) return schedule();
    storedThroughRow = through;
    for (const [sessionId, state] of told) if (changed.get(sessionId) === state) changed.delete(sessionId);
  };

  const append = (sessionId: string, text: string) => {
    files.append(sessionId, text);
    unsynced.add(sessionId);
  };

  const scheduleSync = () => {
    if (isClosed || unsynced.size === 0) return;
    syncTimer ??= clock.setTimer(SYNC_MS, () => {
      syncTimer = null;
      void sync().then(schedule);
    });
  };

  /** Only what is on disk counts as mirrored, since a power failure takes the rest. It never throws: what can't be synced is tried again, and compared at the next start. */
  const sync = async () => {
    // What could not be written is marked, and synced when it is mended.
    const syncing = [...unsynced].filter((sessionId) => !failing.has(sessionId));
    const through = throughRow;
    const drops = selectMeta(reader, "message_drops");
    unsynced = new Set();
    try {
      await syncFiles(
        files.folder,
        syncing.map((sessionId) => transcriptPath(files.folder, sessionId)),
      );
    } catch (error) {
      for (const sessionId of syncing) unsynced.add(sessionId);
      events.writeFailed("transcripts", error);
      return scheduleSync();
    }
    // Row numbers that were freed meanwhile may be in use again.
    if (!isClosed && selectMeta(reader, "message_drops") === drops) syncedThroughRow = through;
  };

  const healAndTell = (session: SessionRow): HealReport => {
    const report = healTranscript(files, session.session_id, () => linesOf(reader, session.id));
    if (report.kind === "healed") {
      files.sync(session.session_id);
      events.healed(session.session_id, report);
    }
    return report;
  };

  const mend = (session: SessionRow) => {
    if (session.end_reason === "delete") files.remove(session.session_id);
    else healAndTell(session);
  };

  const retryFailing = () => {
    for (const [sessionId, dueMs] of failing) {
      if (dueMs > clock.monotonicMs()) continue;
      const retry = () => {
        mkdirSync(files.folder, { recursive: true, mode: 0o700 }); // it may have been removed
        const session = selectSession(reader, sessionId);
        if (session !== null) mend(session);
      };
      if (attempt(sessionId, retry)) changed.set(sessionId, "whole");
    }
  };

  const fallBack = () => {
    // Freed row numbers may be used again.
    throughRow = Math.min(throughRow, Number(selectMeta(reader, "mirrored_through") ?? 0));
    syncedThroughRow = throughRow;
    storedThroughRow = throughRow;
  };

  const isWhole = (session: SessionRow, newLines: number): boolean => {
    if (newLines > MAX_QUICK_LINES) return false;
    const count = Math.max(QUICK_LINES, newLines + 1);
    const last = selectMessagesBefore(reader, session.id, session.message_count + 1, count);
    return quickCheck(files, session.session_id, last.map(transcriptLine), last.length === session.message_count);
  };

  const writeGathered = () => {
    gatherTimer?.cancel();
    gatherTimer = null;
    for (const [sessionId, text] of gathered) {
      if (!failing.has(sessionId)) attempt(sessionId, () => append(sessionId, text));
    }
    gathered.clear();
    gatheredLength = 0;
    throughRow = Math.max(throughRow, gatheredThroughRow);
    gatheredThroughRow = 0;
    scheduleSync();
  };

  return {
    write(lines) {
      for (const [sessionId, text] of lines.bySession) {
        gathered.set(sessionId, (gathered.get(sessionId) ?? "") + text);
        gatheredLength += text.length;
      }
      gatheredThroughRow = Math.max(gatheredThroughRow, lines.throughRow);
      if (delayMs === 0 || gatheredLength >= MAX_GATHERED_LENGTH) writeGathered();
      else gatherTimer ??= clock.setTimer(delayMs, writeGathered);
      schedule();
    },
    replace(sessionId) {
      writeGathered();
      const session = selectSession(reader, sessionId);
      if (session === null) return;
      const isDone = attempt(sessionId, () => {
        if (session.end_reason === "delete") files.remove(sessionId);
        else files.replace(sessionId, linesOf(reader, session.id));
      });
      if (isDone) changed.set(sessionId, "whole");
      fallBack();
      schedule();
    },
    remove(sessionId) {
      writeGathered();
      if (attempt(sessionId, () => files.remove(sessionId))) changed.set(sessionId, "whole");
      fallBack();
      schedule();
    },
    heal(session) {
      writeGathered();
      return healAndTell(session);
    },
    healLagging() {
      const stale = selectStaleSessions(reader);
      const isStale = new Set(stale.map((session) => session.id));
      const lagging = selectSessionsWithMessagesAfter(reader, throughRow).filter(({ row }) => !isStale.has(row));
      for (const session of stale) {
        if (attempt(session.session_id, () => mend(session))) changed.set(session.session_id, "whole");
      }
      for (const { row, newLines } of lagging) {
        const session = selectSessionRow(reader, row);
        if (session === null) continue;
        attempt(session.session_id, () => {
          if (!isWhole(session, newLines)) mend(session);
          unsynced.add(session.session_id);
        });
      }
      throughRow = selectGreatestMessageRow(reader);
      schedule();
      scheduleSync();
    },
    async settle() {
      writeGathered();
      if (!isClosed && unsynced.size > 0) await sync();
      await checkpoint();
    },
    close() {
      writeGathered();
      isClosed = true;
      timer?.cancel();
      syncTimer?.cancel();
      files.close();
    },
  };
}

function* linesOf(reader: Reader, session: number): Iterable<string> {
  for (const message of walkMessages(reader, session)) yield transcriptLine(message);
}

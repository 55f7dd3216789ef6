import { windowStart } from "../store/archives.ts";
import { pendingExtraction } from "../store/extractions.ts";
import { listSessions } from "../store/list-sessions.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { selectWindow } from "../store/windows.ts";
import { messageTokens } from "./tokens.ts";
import { readLines } from "./window-lines.ts";

/** Most lines of one session whose tokens are counted; a longer window counts as at least so much. */
const MAX_COUNTED_LINES = 500;

/** A live session and what is still to be done for it. */
export interface WorkingSession {
  readonly session: Session;
  /** Estimated tokens of the window's lines, the newest 500 of them. */
  readonly windowTokens: number;
  /** Lines in the window, and lines that were not extracted yet. */
  readonly windowLines: number;
  readonly pendingLines: number;
  readonly activeTask: string | null;
}

/** The live sessions, the last active first; `limit` of at most 100. */
export function listWorkingSet(db: Reader, limit: number): WorkingSession[] {
  return listSessions(db, { live: true, limit }).sessions.map((session) => {
    const { row, messageCount } = session;
    const start = windowStart(db, row);
    const from = Math.max(start + 1, messageCount - MAX_COUNTED_LINES + 1);
    const pending = pendingExtraction(db, row, messageCount);
    return {
      session,
      windowTokens: readLines(db, row, from, messageCount).reduce((sum, { text }) => sum + messageTokens(text), 0),
      windowLines: messageCount - start,
      pendingLines: pending.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0),
      activeTask: selectWindow(db, row).state.activeTask?.text ?? null,
    };
  });
}

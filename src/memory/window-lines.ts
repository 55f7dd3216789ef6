import { windowStart } from "../store/archives.ts";
import { selectMessagesAfter } from "../store/messages.ts";
import type { SessionRow } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { type ClaimRange, claimRange, snapshotRange, type Tail } from "./claim-range.ts";
import { logLineOf } from "./log-line.ts";
import type { LogLine } from "./summary.ts";

/** Most lines one commit takes: what a summary can be made of at a time. A window that is longer takes several commits. */
export const MAX_COMMITTED_LINES = 2_000;
/** Where more than this is left over, it is more than any tail: it need not be read. */
const MAX_TAIL_LINES = 200;
const WHOLE_GROUPS: Tail = { messages: 1, userTurns: 0 };

/** The lines from `fromSeq` to `toSeq`, oldest first. */
export function readLines(db: Reader, session: number, fromSeq: number, toSeq: number): LogLine[] {
  return selectMessagesAfter(db, session, fromSeq - 1, Math.max(0, toSeq - fromSeq + 1)).map(logLineOf);
}

/** What a commit would take from a session's window, null for nothing; its cost is bounded, however long the window is. */
export function nextRange(
  db: Reader,
  session: Pick<SessionRow, "id" | "message_count">,
  tail: Tail,
): ClaimRange | null {
  const start = windowStart(db, session.id);
  const count = session.message_count - start;
  const isLong = count > MAX_COMMITTED_LINES + MAX_TAIL_LINES;
  const lines = readLines(db, session.id, start + 1, isLong ? start + MAX_COMMITTED_LINES : session.message_count);
  return claimRange(lines, isLong ? WHOLE_GROUPS : tail);
}

/** The beginning of a session's window, if these are exactly its lines; null otherwise. */
export function prefixRange(
  db: Reader,
  session: Pick<SessionRow, "id" | "message_count">,
  seqs: readonly number[],
): ClaimRange | null {
  if (seqs.length > MAX_COMMITTED_LINES) return null;
  const start = windowStart(db, session.id);
  // Some lines more than are asked for: a border must not cut a call from its results.
  return snapshotRange(readLines(db, session.id, start + 1, start + seqs.length + MAX_TAIL_LINES), seqs);
}

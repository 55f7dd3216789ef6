import { appendMessage, type TranscriptTarget } from "./append-message.ts";
import { copyBorder, copyLifecycle } from "./copy-lifecycle.ts";
import { selectMessagesAfter } from "./messages.ts";
import { type SessionRequest, type SessionRules, startSession } from "./resolve-session.ts";
import type { SessionRow } from "./session.ts";
import { updateEnded } from "./session-ends.ts";
import { selectLiveSession, selectSessionRow } from "./sessions.ts";
import type { Connection } from "./sqlite.ts";
import { statement } from "./statement.ts";
import { StoreError } from "./store-error.ts";
import type { Tx } from "./writer.ts";

/** Most lines a branch takes along, the newest: a third of a second of the one writer. What is older stays with the original. */
export const MAX_BRANCHED_LINES = 20_000;
/** Lines read at a time. */
const PAGE = 500;

/** What came of branching: the copy, which is live now, and the original, which ended as `archive`. */
export interface Branch {
  readonly session: SessionRow;
  readonly original: SessionRow;
}

/**
 * Ends the live session of a key and goes on in a copy of it: lines, opening note, choices, title (unless it gets another); not its usage, which was
 * paid for once. What is archived in the original is archived in the copy; what was learned in it alone stays there. Null when no session is live, or it is empty: then nothing is changed.
 */
export function branchSession(
  tx: Tx,
  rules: SessionRules,
  request: Omit<SessionRequest, "mayReset">,
  title: string | null,
): Branch | null {
  const original = selectLiveSession(tx, request.key);
  if (original === null || original.message_count === 0) return null;
  updateEnded(tx, { row: original.id, endedAtMs: request.atMs, reason: "archive", notice: null });
  const { id, session_id: sessionId } = startSession(tx, rules, request, null);
  const after = copyBorder(tx, original.id, Math.max(0, original.message_count - MAX_BRANCHED_LINES));
  updateCopied(tx, {
    row: id,
    title: title ?? original.title,
    openingNote: original.opening_note,
    answeredBy: original.answered_by,
    model: original.model,
    queueMode: original.queue_mode,
    count: copyLines(tx, original.id, after, { row: id, sessionId }),
  });
  copyLifecycle(tx, original.id, id, after);
  const session = selectSessionRow(tx, id);
  if (session === null) throw new StoreError("not_found", `session row ${id} is gone.`);
  return { session, original };
}

function copyLines(tx: Tx, from: number, afterSeq: number, to: TranscriptTarget): number {
  let seq = 0;
  for (let after = afterSeq; ; ) {
    const page = selectMessagesAfter(tx, from, after, PAGE);
    for (const line of page) {
      seq += 1;
      appendMessage(tx, to, seq, line);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return seq;
    after = last.seq;
  }
}

const copied = statement<{
  row: number;
  title: string | null;
  openingNote: string | null;
  answeredBy: string | null;
  model: string | null;
  queueMode: string | null;
  count: number;
}>()((db, p) =>
  db
    .updateTable("sessions")
    .set({
      title: p.title,
      opening_note: p.openingNote,
      answered_by: p.answeredBy,
      model: p.model,
      queue_mode: p.queueMode,
      message_count: p.count,
    })
    .where("id", "=", p.row),
);
/** What a copy has of its original. */
function updateCopied(
  db: Pick<Connection, "run">,
  change: {
    row: number;
    title: string | null;
    openingNote: string | null;
    answeredBy: string | null;
    model: string | null;
    queueMode: string | null;
    count: number;
  },
): void {
  db.run(copied, change);
}

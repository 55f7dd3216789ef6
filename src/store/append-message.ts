import { statement } from "./statement.ts";
import { type TranscriptMessage, transcriptLine } from "./transcript-line.ts";
import type { Tx } from "./writer.ts";

/** A line before it has its place in the transcript. */
export type Draft = Omit<TranscriptMessage, "seq">;

/** The session a line goes to: its row number, its public id. */
export interface TranscriptTarget {
  readonly row: number;
  readonly sessionId: string;
}

interface Insertion {
  session: number;
  seq: number;
  role: string;
  content: string;
  atMs: number;
  messageId: string | null;
  senderId: string | null;
  senderName: string | null;
  extra: string | null;
}
const insertion = statement<Insertion>()((db, p) =>
  db
    .insertInto("messages")
    .values({
      session: p.session,
      seq: p.seq,
      role: p.role,
      content: p.content,
      at_ms: p.atMs,
      message_id: p.messageId,
      sender_id: p.senderId,
      sender_name: p.senderName,
      extra: p.extra,
    })
    .onConflict((conflict) =>
      conflict.columns(["session", "message_id"]).where("message_id", "is not", null).doNothing(),
    ),
);

/**
 * Adds one line with number `seq` to a session: the row, and (after the commit) its JSONL line; a search finds it a moment later (`index-behind.ts`).
 * False when the session has a line of that platform message already. The caller stores the session's new `message_count`.
 */
export function appendMessage(tx: Tx, target: TranscriptTarget, seq: number, given: Draft): boolean {
  const draft = storable(given);
  const { changes, lastId } = tx.run(insertion, {
    session: target.row,
    seq,
    role: draft.role,
    content: draft.content,
    atMs: draft.atMs,
    messageId: draft.messageId,
    senderId: draft.senderId,
    senderName: draft.senderName,
    extra: draft.extra === null ? null : JSON.stringify(draft.extra),
  });
  if (changes === 0) return false;
  tx.mirror(target.sessionId, transcriptLine(draft), lastId);
  return true;
}

/** Half a surrogate pair has no UTF-8 form: the row would read back as another text than the line in the file says. */
function storable(draft: Draft): Draft {
  return {
    ...draft,
    content: draft.content.toWellFormed(),
    messageId: draft.messageId?.toWellFormed() ?? null,
    senderId: draft.senderId?.toWellFormed() ?? null,
    senderName: draft.senderName?.toWellFormed() ?? null,
  };
}

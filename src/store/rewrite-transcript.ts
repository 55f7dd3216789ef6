import { appendMessage, type Draft } from "./append-message.ts";
import { windowStart } from "./archives.ts";
import { dropMessages } from "./drop-messages.ts";
import { walkMessages } from "./messages.ts";
import type { SessionRow } from "./session.ts";
import { updateMessageCount } from "./sessions.ts";
import { updateMirrorStale } from "./stale-sessions.ts";
import { StoreError } from "./store-error.ts";
import type { Tx } from "./writer.ts";

/**
 * Makes `drafts` the whole transcript of a session: what is equal from the start on stays, the rest is replaced.
 * The JSONL file is marked stale in the same transaction; the mirror replaces it after the commit, or at the next start.
 */
export function rewriteTranscript(tx: Tx, session: SessionRow, drafts: readonly Draft[]): void {
  const kept = equalPrefix(tx, session, drafts);
  const archived = windowStart(tx, session.id);
  if (kept < archived)
    throw new StoreError(
      "invalid",
      `transcript: lines 1 to ${archived} are archived and stay as they are; expected them unchanged, got another line ${kept + 1}.`,
    );
  if (dropMessages(tx, session.id, kept + 1)) updateMirrorStale(tx, session.id, true);
  let seq = kept;
  for (const draft of drafts.slice(kept)) {
    if (appendMessage(tx, { row: session.id, sessionId: session.session_id }, seq + 1, draft)) seq += 1;
  }
  updateMessageCount(tx, session.id, seq);
}

function equalPrefix(tx: Tx, session: SessionRow, drafts: readonly Draft[]): number {
  let kept = 0;
  for (const message of walkMessages(tx, session.id)) {
    const { seq: _seq, ...stored } = message;
    const draft = drafts[kept];
    if (draft === undefined || JSON.stringify(stored) !== JSON.stringify(draftInOrder(draft))) break;
    kept += 1;
  }
  return kept;
}

function draftInOrder(draft: Draft): Draft {
  const { role, content, atMs, messageId, senderId, senderName, extra } = draft;
  return { role, content, atMs, messageId, senderId, senderName, extra };
}

import { selectInbox } from "../store/inbox.ts";
import { selectAnsweredInbox, selectOutboxOfInbox } from "../store/outbox.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { Reader } from "../store/sqlite.ts";
import type { Reply } from "./reply-waiters.ts";

/** The answer a finished inbox row got; null when it is not finished, or too long ago for its posts to be kept. */
export function pastReply(db: Reader, inboxId: number): Reply | null {
  const row = selectInbox(db, inboxId);
  if (row === null || (row.state !== "done" && row.state !== "dead") || row.first_outbox_id === null) return null;
  // Of several messages that became one turn, the last one's row is the one that was answered.
  const posts = selectOutboxOfInbox(db, selectAnsweredInbox(db, row.first_outbox_id) ?? inboxId, row.first_outbox_id);
  if (posts.length === 0) return null;
  const session = row.session === null ? null : selectSessionRow(db, row.session);
  return { sessionId: session?.session_id ?? null, text: posts.map((post) => post.text).join("\n\n") };
}

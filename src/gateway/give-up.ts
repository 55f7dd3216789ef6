import type { InboundMessage } from "../message/message.ts";
import { leaveGrowing } from "../store/growing-posts.ts";
import { finishInbox, type InboxRow } from "../store/inbox.ts";
import type { Tx } from "../store/writer.ts";
import type { BeginRules } from "./begin-rules.ts";
import type { Begun } from "./begun-turn.ts";
import { writePosts } from "./posts.ts";
import { speechTo } from "./speech-to.ts";

/** It was begun too often: whatever it holds, it ends the process. It becomes a dead letter, and whoever sent it is told. */
export function giveUp(tx: Tx, rules: BeginRules, row: InboxRow, message: InboundMessage, nowMs: number): Begun {
  if (row.first_outbox_id !== null) leaveGrowing(tx, { inboxId: row.id, from: row.first_outbox_id, nowMs });
  const posts = writePosts(tx, rules.adapterOf, {
    ...speechTo(row, message, nowMs),
    session: row.session,
    kind: "failure",
    text: `I could not answer this message: I was interrupted ${row.attempts} times while working on it. It is kept for the operator; please send it again, or in another form.`,
  });
  finishInbox(tx, {
    id: row.id,
    state: "dead",
    firstOutboxId: posts[0]?.outboxId ?? null,
    finishedAtMs: nowMs,
    error: `interrupted ${row.attempts} times`,
  });
  return { kind: "dead", inboxId: row.id, attempts: row.attempts, posts };
}

/** Its session was deleted after an attempt that died: there is nothing left to answer from. */
export function leaveDeleted(tx: Tx, rules: BeginRules, row: InboxRow, message: InboundMessage, nowMs: number): Begun {
  if (row.first_outbox_id !== null) leaveGrowing(tx, { inboxId: row.id, from: row.first_outbox_id, nowMs });
  const text = "I could not answer this message: the conversation was deleted meanwhile. Please send it again.";
  const speech = { ...speechTo(row, message, nowMs), session: null, kind: "failure", text } as const;
  // What a job was to do is told of by its run.
  const posts = message.job === undefined ? writePosts(tx, rules.adapterOf, speech) : [];
  const firstOutboxId = posts[0]?.outboxId ?? null;
  finishInbox(tx, { id: row.id, state: "done", firstOutboxId, finishedAtMs: nowMs, error: "session deleted" });
  const { session_key: key } = row;
  return { kind: "answered", inboxId: row.id, key, sessionId: null, posts, changes: [], effect: null };
}

import { isSharedSession, sessionKey } from "../session/key.ts";
import { resolveResetPolicy } from "../session/reset-policy.ts";
import { nextResetAt } from "../session/reset-reason.ts";
import { participantOf } from "../session/source.ts";
import type { TranscriptTarget } from "./append-message.ts";
import { insertImported } from "./import-rows.ts";
import type { ImportedSession } from "./imported-session.ts";
import type { SessionRules } from "./resolve-session.ts";
import { type SessionRow, storedSource } from "./session.ts";
import { insertTag, putSessionData, readTitle } from "./session-labels.ts";
import { selectLiveSession, selectSession, updateActivity } from "./sessions.ts";
import type { Tx } from "./writer.ts";

/** Where an imported session is now. */
export type Placement =
  | { readonly kind: "new" | "here"; readonly target: TranscriptTarget }
  /** Its id is another session's, or was deleted here. */
  | { readonly kind: "refused"; readonly why: string };

/**
 * Puts a session into the store under the key that our own rules give its source. One that is here already is left as it is:
 * the store knows more of it than the file. One that is live in the file is live here too, unless its key has a live session:
 * nobody's conversation is swapped under their hands, so it is stored as archived at its last activity, resumable as any other.
 * Throws a `StoreError` (`invalid`) for a title, tag or data that is too large.
 */
export function placeImported(tx: Tx, rules: SessionRules, session: ImportedSession): Placement {
  const here = selectSession(tx, session.sessionId);
  if (here !== null) return placementOf(here, session);

  const { source, usage, agentId } = session;
  const key = sessionKey(source, rules.keys, agentId);
  const policy = resolveResetPolicy(rules.resets, source.platform, source.chatType);
  const isLive = session.ended === null && selectLiveSession(tx, key) === null;
  const ended = isLive ? null : (session.ended ?? { atMs: session.lastActiveMs, reason: "archive" });
  const row = insertImported(tx, {
    sessionId: session.sessionId,
    key,
    agent: agentId,
    platform: source.platform,
    account: source.account,
    chatType: source.chatType,
    chatId: source.chatId,
    threadId: source.threadId,
    participant: isSharedSession(source, rules.keys) ? null : participantOf(source),
    source: storedSource(source),
    live: isLive ? 1 : 0,
    title: readTitle(session.title),
    createdAtMs: session.createdAtMs,
    lastActiveMs: session.lastActiveMs,
    endedAtMs: ended?.atMs ?? null,
    endReason: ended?.reason ?? null,
    pendingNotice: isLive ? null : session.pendingNotice,
    nextResetAtMs: isLive ? nextResetAt(policy, session.lastActiveMs) : null,
    openingNote: session.openingNote,
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: usage.cacheReadTokens,
    cacheWrite: usage.cacheWriteTokens,
    cost: usage.costUsd,
    costKnown: usage.costKnown ? 1 : 0,
    lastPrompt: usage.lastPromptTokens,
  });
  for (const tag of session.tags) insertTag(tx, row, tag);
  if (Object.keys(session.customData).length > 0) putSessionData(tx, row, session.customData);
  return { kind: "new", target: { row, sessionId: session.sessionId } };
}

function placementOf(here: SessionRow, session: ImportedSession): Placement {
  if (here.end_reason === "delete")
    return { kind: "refused", why: "this session was deleted here, and what was deleted is not brought back" };
  const { source } = session;
  const isSamePlace =
    here.agent === session.agentId &&
    here.platform === source.platform &&
    here.account === source.account &&
    here.chat_id === source.chatId &&
    here.thread_id === source.threadId;
  if (!isSamePlace) return { kind: "refused", why: "its session_id is that of a session of another conversation here" };
  if (here.created_at_ms !== session.createdAtMs) {
    const [known, read] = [here.created_at_ms, session.createdAtMs].map((ms) => new Date(ms).toISOString());
    return {
      kind: "refused",
      why: `created_at: expected ${known}, which this session has here, got ${read}. Import with the time zone of the first time, or delete the session first`,
    };
  }
  return { kind: "here", target: { row: here.id, sessionId: here.session_id } };
}

/** A session that was here has got lines that another gateway wrote: it was active as lately as the file says. */
export function raiseActivity(tx: Tx, rules: SessionRules, session: ImportedSession): void {
  const here = selectSession(tx, session.sessionId);
  if (here === null || here.last_active_ms >= session.lastActiveMs) return;
  const policy = resolveResetPolicy(rules.resets, here.platform, here.chat_type);
  updateActivity(tx, {
    row: here.id,
    atMs: session.lastActiveMs,
    nextResetAtMs: here.live === 1 ? nextResetAt(policy, session.lastActiveMs) : null,
    count: here.message_count,
  });
}

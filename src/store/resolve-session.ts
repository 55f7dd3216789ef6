import { randomHex } from "../clock/clock.ts";
import { isSharedSession, type KeyOptions, sessionKey } from "../session/key.ts";
import { openingNote, threadNote } from "../session/opening-note.ts";
import { type ResetPolicy, type ResetRules, resolveResetPolicy } from "../session/reset-policy.ts";
import { nextResetAt, resetReason } from "../session/reset-reason.ts";
import { newSessionId } from "../session/session-id.ts";
import { participantOf, type SessionSource } from "../session/source.ts";
import { selectLatestArchive } from "./archives.ts";
import { lastExchange } from "./last-exchange.ts";
import { writeEvent } from "./lifecycle-events.ts";
import { type EndReason, type SessionRow, type StandingRow, storedSource } from "./session.ts";
import { clearPendingNotices, selectUntoldSession, updateEnded } from "./session-ends.ts";
import {
  insertSession,
  selectLiveSession,
  selectSessionRow,
  selectStanding,
  updateActivity,
  updateSource,
} from "./sessions.ts";
import type { Reader } from "./sqlite.ts";
import { StoreError } from "./store-error.ts";
import type { Tx } from "./writer.ts";

/** The rules by which messages find their sessions. */
export interface SessionRules {
  readonly keys: KeyOptions;
  readonly resets: ResetRules;
  /** Whether a thread under a direct conversation knows what was said before it. Absent: it does not. */
  readonly seedsDmThreads?: (platform: string, account: string) => boolean;
}

/** Why a conversation started afresh by itself, and the session it left. */
export interface TimedReset {
  readonly reason: "idle" | "daily";
  readonly previous: SessionRow;
  /** False when the watcher had ended it before. */
  readonly endedNow: boolean;
  /** Whether the person should be told: the policy says so and there was something to lose. */
  readonly tell: boolean;
}

/** The session a message belongs to. */
export interface Resolution {
  readonly session: SessionRow;
  readonly created: boolean;
  readonly reset: TimedReset | null;
}

/** Who asks for a session, and when. */
export interface SessionRequest {
  readonly key: string;
  readonly agentId: string;
  readonly source: SessionSource;
  /** When the message was received, not when it is processed. */
  readonly atMs: number;
  /** False while an earlier message of the key was unfinished when this one came: such a session never resets. */
  readonly mayReset: boolean;
  /** True when no person wrote (a job runs, the bot was sent): what its people have not been told yet waits for the next who does. */
  readonly isSilent?: true;
}

/** The live session of a key, or a new one; ends the live one first where the reset policy says so. */
export function resolveSession(tx: Tx, rules: SessionRules, request: SessionRequest): Resolution {
  const policy = policyFor(rules, request.source);
  const live = selectLiveSession(tx, request.key);
  if (live === null) return startAfterWatcher(tx, rules, request);
  const reason = request.mayReset ? resetReason(policy, live.last_active_ms, request.atMs) : null;
  if (reason !== null) {
    const isKept = request.isSilent === true && live.message_count > 0;
    if (request.isSilent !== true) clearPendingNotices(tx, request.key);
    updateEnded(tx, { row: live.id, endedAtMs: request.atMs, reason: "timeout", notice: isKept ? reason : null });
    const session = startSession(tx, rules, request, { previous: live, why: reason });
    return {
      session,
      created: true,
      reset: { reason, previous: live, endedNow: true, tell: policy.notify && live.message_count > 0 },
    };
  }
  const session = withSource(tx, live, request.source);
  const untold = request.isSilent === true ? null : untoldBefore(tx, live, request.key);
  if (untold === null) return { session, created: false, reset: null };
  clearPendingNotices(tx, request.key);
  return { session, created: false, reset: toldLater(untold, policy) };
}

/** The session that ended before this one without its people having been told; null once a person has written in this one. */
function untoldBefore(
  db: Reader,
  live: Pick<SessionRow, "last_active_ms" | "created_at_ms">,
  key: string,
): SessionRow | null {
  return live.last_active_ms === live.created_at_ms ? selectUntoldSession(db, key) : null;
}

function toldLater(untold: SessionRow, policy: ResetPolicy): TimedReset {
  const reason = untold.pending_notice === "daily" ? "daily" : "idle";
  return { reason, previous: untold, endedNow: false, tell: policy.notify };
}

/** The live session of a key, if a message of that time belongs to it and needs no other; null otherwise, and nothing is changed. */
export function standingSession(
  db: Reader,
  rules: SessionRules,
  request: Omit<SessionRequest, "agentId">,
): StandingRow | null {
  const live = selectStanding(db, request.key);
  if (live === null || untoldBefore(db, live, request.key) !== null) return null;
  if (!request.mayReset) return live;
  return resetReason(policyFor(rules, request.source), live.last_active_ms, request.atMs) === null ? live : null;
}

/** Keeps the newest names and topic with a session. */
export function withSource<Row extends StandingRow>(tx: Tx, session: Row, source: SessionSource): Row {
  const stored = storedSource(source);
  if (stored === session.source) return session;
  updateSource(tx, session.id, stored);
  return { ...session, source: stored };
}

/** No session is live: the watcher may have ended the last one, and its people have not been told yet. */
function startAfterWatcher(tx: Tx, rules: SessionRules, request: SessionRequest): Resolution {
  const untold = selectUntoldSession(tx, request.key);
  if (untold === null) return { session: startSession(tx, rules, request, null), created: true, reset: null };
  const reset = toldLater(untold, policyFor(rules, request.source));
  const session = startSession(tx, rules, request, { previous: untold, why: reset.reason });
  if (request.isSilent === true) return { session, created: true, reset: null };
  clearPendingNotices(tx, request.key);
  return { session, created: true, reset };
}

/** What a new session follows on. */
export interface Predecessor {
  readonly previous: SessionRow;
  readonly why: "idle" | "daily" | "reset" | "new";
}

/** Opens a new incarnation of a key; the caller has ended the one before. */
export function startSession(
  tx: Tx,
  rules: SessionRules,
  request: Omit<SessionRequest, "mayReset">,
  predecessor: Predecessor | null,
): SessionRow {
  const { source } = request;
  const policy = policyFor(rules, source);
  const row = insertSession(tx, {
    sessionId: newSessionId(request.atMs, randomHex(4)),
    key: request.key,
    agent: request.agentId,
    platform: source.platform,
    account: source.account,
    chatType: source.chatType,
    chatId: source.chatId,
    threadId: source.threadId,
    participant: isSharedSession(source, rules.keys) ? null : participantOf(source),
    source: storedSource(source),
    nowMs: request.atMs,
    nextResetAtMs: nextResetAt(policy, request.atMs),
    openingNote: predecessor === null ? noteOnParent(tx, rules, request) : noteOn(tx, predecessor),
  });
  const session = requireRow(tx, row);
  const { session_id: sessionId, session_key: sessionKey } = session;
  const data = { follows: predecessor?.previous.session_id ?? null };
  writeEvent(tx, { kind: "session.created", sessionId, sessionKey, data, atMs: request.atMs });
  return session;
}

function noteOn(tx: Tx, { previous, why }: Predecessor): string | null {
  if (previous.message_count === 0) return null;
  return openingNote({
    why,
    sessionId: previous.session_id,
    title: previous.title,
    messageCount: previous.message_count,
    summary: selectLatestArchive(tx, previous.id)?.overview ?? null,
    lastExchange: lastExchange(tx, previous),
  });
}

/** The first session of a thread under a direct conversation begins with what was said there last. */
function noteOnParent(
  tx: Tx,
  rules: SessionRules,
  { source, agentId }: Omit<SessionRequest, "mayReset">,
): string | null {
  const isDmThread = source.chatType === "dm" && source.threadId !== null;
  if (!isDmThread || rules.seedsDmThreads?.(source.platform, source.account) !== true) return null;
  const parent = selectLiveSession(tx, sessionKey({ ...source, threadId: null }, rules.keys, agentId));
  return parent === null || parent.message_count === 0 ? null : threadNote(lastExchange(tx, parent));
}

/** Ends the live session of a key, if there is one, and opens a new one: `/reset` and `/new`. */
export function restartSession(
  tx: Tx,
  rules: SessionRules,
  request: Omit<SessionRequest, "mayReset">,
  reason: Extract<EndReason, "reset" | "new">,
): { readonly session: SessionRow; readonly previous: SessionRow | null } {
  const previous = selectLiveSession(tx, request.key);
  if (previous !== null) updateEnded(tx, { row: previous.id, endedAtMs: request.atMs, reason, notice: null });
  clearPendingNotices(tx, request.key);
  const session = startSession(tx, rules, request, previous === null ? null : { previous, why: reason });
  return { session, previous };
}

/** A person wrote, and the session has `count` lines now: moves its activity and its next reset, and returns the latter. */
export function touchSession(
  tx: Tx,
  rules: SessionRules,
  session: Pick<SessionRow, "id" | "platform" | "chat_type" | "next_reset_at_ms">,
  atMs: number,
  count: number,
): number | null {
  const policy = resolveResetPolicy(rules.resets, session.platform, session.chat_type);
  const nextResetAtMs = nextResetAt(policy, atMs);
  updateActivity(tx, { row: session.id, atMs, nextResetAtMs, count }, session.next_reset_at_ms);
  return nextResetAtMs;
}

function policyFor(rules: SessionRules, source: SessionSource): ResetPolicy {
  return resolveResetPolicy(rules.resets, source.platform, source.chatType);
}

function requireRow(tx: Tx, row: number): SessionRow {
  const session = selectSessionRow(tx, row);
  if (session === null) throw new StoreError("not_found", `session row ${row} is gone.`);
  return session;
}

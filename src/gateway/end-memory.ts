import type { Clock } from "../clock/clock.ts";
import type { CommitRequest } from "../memory/claim-commit.ts";
import type { CommitResult } from "../memory/commit-result.ts";
import type { Lifecycle } from "../memory/lifecycle.ts";
import { promoteChain } from "../memory/promote-chain.ts";
import { refreshSession } from "../memory/refresh-session.ts";
import { MIN_PENDING_TO_REFRESH } from "../memory/thresholds.ts";
import type { Events } from "../observe/events.ts";
import { windowStart } from "../store/archives.ts";
import type { LifecycleEvent } from "../store/lifecycle-events.ts";
import type { SessionRow } from "../store/session.ts";
import { selectSession } from "../store/sessions.ts";
import type { SessionStore } from "../store/store.ts";
import { carryOverNote } from "./carry-over-note.ts";
import type { EndHook } from "./memory-rules.ts";
import type { SessionLifecycles } from "./session-lifecycles.ts";

/** A shorter window says itself what it is about. */
const MIN_SUMMED_UP_LINES = 6;
/** Commits of one end: each takes up to 2,000 lines. */
const MAX_COMMITS = 50;
const ALL: CommitRequest = { reason: "end", tail: { messages: 1, userTurns: 0 } };

/** What the ends of sessions are worked on with. */
export interface EndParts {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly lifecycles: SessionLifecycles;
  readonly commit: (sessionId: string, lifecycle: Lifecycle, request: CommitRequest) => Promise<CommitResult>;
}

/**
 * Does one of the things that an ended session leaves behind. Doing it again changes nothing; it throws where it has to be done again. A
 * session somebody has gone back to ends another time.
 */
export async function endMemory(
  parts: EndParts,
  hook: EndHook,
  { sessionId }: Pick<LifecycleEvent, "sessionId">,
  signal: AbortSignal,
): Promise<void> {
  if (endedSession(parts.store, sessionId) === null) return;
  switch (hook) {
    case "memory.promotion":
      return await promoteAtEnd(parts, sessionId, signal);
    case "memory.summary":
      return await sumUpAtEnd(parts, sessionId);
    case "memory.note":
      return await parts.store.write((tx) => {
        const session = selectSession(tx, sessionId);
        if (session !== null && isOver(session)) carryOverNote(tx, session);
      });
  }
}

/** Learns from the last lines, and promotes what the session has learned as the policy lets it, also where the learning fails. */
async function promoteAtEnd(
  { store, clock, events, lifecycles }: EndParts,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  const lifecycle = lifecycles.ofId(sessionId);
  let failure: string | null = null;
  if (lifecycle !== null && lifecycle.extract !== null) {
    const request = { reason: "end", minPending: MIN_PENDING_TO_REFRESH };
    const learned = await refreshSession(lifecycle, sessionId, request, signal);
    if (learned.ok) events.memoryRefreshed({ sessionId, kept: learned.kept, refused: learned.refused });
    else if (learned.reason !== "nothing_pending") failure = learned.error ?? learned.reason;
  }
  await store.write((tx) => {
    const session = selectSession(tx, sessionId);
    if (session !== null && isOver(session)) promoteChain(tx, session, clock.nowMs());
  });
  if (failure !== null) throw new Error(`the last lines were not learned from: ${failure}`);
}

/** Archives what is in the window. */
async function sumUpAtEnd({ store, lifecycles, commit }: EndParts, sessionId: string): Promise<void> {
  const lifecycle = lifecycles.ofId(sessionId);
  if (lifecycle === null) return;
  for (let commits = 0; commits < MAX_COMMITS; commits += 1) {
    const session = endedSession(store, sessionId);
    if (session === null) return;
    if (session.message_count - windowStart(store.reader, session.id) < MIN_SUMMED_UP_LINES) return;
    const result = await commit(sessionId, lifecycle, ALL);
    if (result.ok) continue;
    if (result.reason === "empty" || result.reason === "summarizer_failed") return;
    throw new Error(`the last commit: ${result.error ?? result.reason}`);
  }
}

function endedSession(store: SessionStore, sessionId: string): SessionRow | null {
  const session = selectSession(store.reader, sessionId);
  return session !== null && isOver(session) ? session : null;
}

function isOver(session: SessionRow): boolean {
  return session.live === 0 && session.end_reason !== "delete";
}

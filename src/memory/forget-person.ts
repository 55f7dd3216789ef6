import { parseScope, type Scope } from "../session/memory-scope.ts";
import { deletePlacement } from "../store/change-placement.ts";
import { markExtracted } from "../store/extractions.ts";
import { noteForgotten } from "../store/forgotten-marks.ts";
import { endJob, selectOpenJob } from "../store/lifecycle-jobs.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectAnyPlacements, selectPlacementsOfAuthor, selectPlacementsOfSource } from "../store/memory-placements.ts";
import { countOwnConversations, type OwnConversations } from "../store/own-conversations.ts";
import { selectSession } from "../store/sessions.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";

/** Rows erased in one transaction, so that nobody waits long behind it. */
const BATCH = 500;
/** Conversations counted for a report. */
const MAX_COUNTED = 1_000;

/** What was erased: how many memories, by the scope they were in, and by the state (`active`, `stashed`, `superseded`, …). */
export interface Forgotten {
  readonly total: number;
  readonly byScope: Readonly<Record<string, number>>;
  readonly byState: Readonly<Record<string, number>>;
}

/** Nothing yet. */
export const nothingForgotten: Forgotten = { total: 0, byScope: {}, byState: {} };

/** Two reports in one. */
export function addForgotten(one: Forgotten, other: Forgotten): Forgotten {
  const sums = (left: Readonly<Record<string, number>>, right: Readonly<Record<string, number>>) => {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return Object.fromEntries([...names].map((name) => [name, (left[name] ?? 0) + (right[name] ?? 0)]));
  };
  return {
    total: one.total + other.total,
    byScope: sums(one.byScope, other.byScope),
    byState: sums(one.byState, other.byState),
  };
}

/**
 * Erases at once and for good all that is remembered of a person (their `user:` scope), and what they said that is remembered elsewhere, in
 * chats, for agents and in sessions; nothing is learned from what they said until now, wherever it stands. Conversations are not memory:
 * they are deleted as such.
 */
export async function forgetPerson(
  store: Pick<SessionStore, "write">,
  person: Scope,
  nowMs: number,
): Promise<Forgotten> {
  await store.write((tx) => noteForgotten(tx, person, nowMs));
  return await eraseAll(store, (tx) => ofPerson(tx, person, BATCH));
}

/** The same inside a transaction, up to `limit` memories or a few more; whoever wants the rest of a larger number asks again. */
export function erasePerson(tx: Tx, person: Scope, { limit, nowMs }: { limit: number; nowMs: number }): Forgotten {
  noteForgotten(tx, person, nowMs);
  return erase(tx, ofPerson(tx, person, limit));
}

/** What is remembered of a person, and what they said that is remembered elsewhere: at most `limit` of either. */
export function ofPerson(db: Reader, person: Scope, limit: number): readonly Placement[] {
  const placements = [...selectAnyPlacements(db, person, 0, limit), ...selectPlacementsOfAuthor(db, person, 0, limit)];
  // One may be there twice: said by the person, and in their scope.
  return [...new Map(placements.map((placement) => [placement.id, placement])).values()];
}

/** The conversations of a person that stay when they are forgotten. */
export function conversationsOf(db: Reader, person: Scope): OwnConversations {
  const parsed = parseScope(person);
  return parsed?.kind === "user"
    ? countOwnConversations(db, { ...parsed, limit: MAX_COUNTED })
    : { conversations: 0, summedUp: 0 };
}

/** Erases at once and for good all that is remembered in a scope; of a chat nothing is learned from what was said there until now. */
export async function forgetScope(store: Pick<SessionStore, "write">, scope: Scope, nowMs: number): Promise<Forgotten> {
  if (parseScope(scope)?.kind === "chat") await store.write((tx) => noteForgotten(tx, scope, nowMs));
  return await eraseAll(store, (tx) => selectAnyPlacements(tx, scope, 0, BATCH));
}

/** Erases at once and for good what was learned in a session, wherever it is remembered; its lines so far are not learned from again. */
export async function forgetSource(
  store: Pick<SessionStore, "write">,
  sessionId: string,
  nowMs: number,
): Promise<Forgotten> {
  await store.write((tx) => leaveUnlearned(tx, sessionId, nowMs));
  return await eraseAll(store, (tx) => selectPlacementsOfSource(tx, sessionId, 0, BATCH));
}

function leaveUnlearned(tx: Tx, sessionId: string, nowMs: number): void {
  const session = selectSession(tx, sessionId);
  if (session === null || session.message_count === 0) return;
  const job = selectOpenJob(tx, session.id, "extract");
  const error = "what was learned in it is forgotten";
  if (job !== null) endJob(tx, { id: job.id, state: "cancelled", finishedAtMs: nowMs, error });
  markExtracted(tx, session.id, { fromSeq: 1, toSeq: session.message_count });
}

async function eraseAll(
  store: Pick<SessionStore, "write">,
  next: (tx: Tx) => readonly Placement[],
): Promise<Forgotten> {
  for (let sum = nothingForgotten; ; ) {
    const erased = await store.write((tx) => erase(tx, next(tx)));
    if (erased.total === 0) return sum;
    sum = addForgotten(sum, erased);
  }
}

function erase(tx: Tx, placements: readonly Placement[]): Forgotten {
  const byScope: Record<string, number> = {};
  const byState: Record<string, number> = {};
  for (const placement of placements) {
    const { scope, state } = placement;
    deletePlacement(tx, placement);
    byScope[scope] = (byScope[scope] ?? 0) + 1;
    byState[state] = (byState[state] ?? 0) + 1;
  }
  return { total: placements.length, byScope, byState };
}

import type { Scope } from "../session/memory-scope.ts";
import { deletePlacement } from "../store/change-placement.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectAnyPlacements, selectPlacementsOfAuthor, selectPlacementsOfSource } from "../store/memory-placements.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";

/** Rows erased in one transaction, so that nobody waits long behind it. */
const BATCH = 500;

/** What was erased: how many memories, by the scope they were in. */
export interface Forgotten {
  readonly total: number;
  readonly byScope: Readonly<Record<string, number>>;
}

/**
 * Erases at once and for good all that is remembered of a person (their `user:` scope), and what they said that is remembered elsewhere, in
 * chats, for agents and in sessions. Conversations are not memory: they are deleted as such.
 */
export function forgetPerson(store: Pick<SessionStore, "write">, person: Scope): Promise<Forgotten> {
  return eraseAll(store, (tx) => ofPerson(tx, person, BATCH));
}

/** The same inside a transaction, up to `limit` memories or a few more; whoever wants the rest of a larger number asks again. */
export function erasePerson(tx: Tx, person: Scope, limit: number): Forgotten {
  const byScope: Record<string, number> = {};
  let total = 0;
  for (const { scope } of erase(tx, ofPerson(tx, person, limit))) {
    total += 1;
    byScope[scope] = (byScope[scope] ?? 0) + 1;
  }
  return { total, byScope };
}

/** What is remembered of a person, and what they said that is remembered elsewhere: at most `limit` of either. */
export function ofPerson(db: Reader, person: Scope, limit: number): readonly Placement[] {
  const placements = [...selectAnyPlacements(db, person, 0, limit), ...selectPlacementsOfAuthor(db, person, 0, limit)];
  // One may be there twice: said by the person, and in their scope.
  return [...new Map(placements.map((placement) => [placement.id, placement])).values()];
}

/** Erases at once and for good all that is remembered in a scope. */
export function forgetScope(store: Pick<SessionStore, "write">, scope: Scope): Promise<Forgotten> {
  return eraseAll(store, (tx) => selectAnyPlacements(tx, scope, 0, BATCH));
}

/** Erases at once and for good what was learned in a session, wherever it is remembered: a deletion that asks for it. */
export function forgetSource(store: Pick<SessionStore, "write">, sessionId: string): Promise<Forgotten> {
  return eraseAll(store, (tx) => selectPlacementsOfSource(tx, sessionId, 0, BATCH));
}

async function eraseAll(
  store: Pick<SessionStore, "write">,
  next: (tx: Tx) => readonly Placement[],
): Promise<Forgotten> {
  const byScope: Record<string, number> = {};
  for (let total = 0; ; ) {
    const erased = await store.write((tx) => erase(tx, next(tx)).map(({ scope }) => scope));
    if (erased.length === 0) return { total, byScope };
    total += erased.length;
    for (const scope of erased) byScope[scope] = (byScope[scope] ?? 0) + 1;
  }
}

function erase(tx: Tx, placements: readonly Placement[]): readonly Placement[] {
  for (const placement of placements) deletePlacement(tx, placement);
  return placements;
}

import type { Scope } from "../session/memory-scope.ts";
import { deletePlacement } from "../store/change-placement.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectAnyPlacements, selectPlacementsOfAuthor, selectPlacementsOfSource } from "../store/memory-placements.ts";
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
  return eraseAll(store, (tx) => [
    ...selectAnyPlacements(tx, person, 0, BATCH),
    ...selectPlacementsOfAuthor(tx, person, 0, BATCH),
  ]);
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
    const erased = await store.write((tx) => {
      // One may be there twice: said by the person, and in their scope.
      const placements = [...new Map(next(tx).map((placement) => [placement.id, placement])).values()];
      for (const placement of placements) deletePlacement(tx, placement);
      return placements.map(({ scope }) => scope);
    });
    if (erased.length === 0) return { total, byScope };
    total += erased.length;
    for (const scope of erased) byScope[scope] = (byScope[scope] ?? 0) + 1;
  }
}

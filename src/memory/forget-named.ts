import { parseScope, type Scope } from "../session/memory-scope.ts";
import { selectPlacementsAt } from "../store/memory-placements.ts";
import type { OwnConversations } from "../store/own-conversations.ts";
import type { SessionStore } from "../store/store.ts";
import { forgetMemory } from "./forget-memory.ts";
import {
  addForgotten,
  conversationsOf,
  type Forgotten,
  forgetPerson,
  forgetScope,
  forgetSource,
  nothingForgotten,
} from "./forget-person.ts";

/** Scopes that remember the same. */
const MAX_SAME = 1_000;

/** What was erased, and the conversations of the people among them, which stay. */
export interface NamedForgotten extends Forgotten {
  readonly stays: OwnConversations;
}

/**
 * Erases for good what an operator names: of a person, all of it and what they said elsewhere; of a session, all that was learned in it;
 * of another scope, what it remembers. Nothing of it is learned again from what was said until now.
 */
export async function forgetNamed(
  store: Pick<SessionStore, "write" | "reader">,
  scopes: readonly Scope[],
  nowMs: number,
): Promise<NamedForgotten> {
  let report = nothingForgotten;
  const stays = { conversations: 0, summedUp: 0 };
  for (const scope of scopes) {
    const parsed = parseScope(scope);
    if (parsed?.kind === "user") report = addForgotten(report, await forgetPerson(store, scope, nowMs));
    if (parsed?.kind === "session") report = addForgotten(report, await forgetSource(store, parsed.sessionId, nowMs));
    report = addForgotten(report, await forgetScope(store, scope, nowMs));
    const { conversations, summedUp } = conversationsOf(store.reader, scope);
    stays.conversations += conversations;
    stays.summedUp += summedUp;
  }
  return { ...report, stays };
}

/** Lets what is under an address, or its beginning, be forgotten, in the given scopes or (for none) in all; returns how many memories that were. */
export function forgetAt(
  store: Pick<SessionStore, "write">,
  wanted: { readonly addr: string; readonly scopes: readonly Scope[]; readonly nowMs: number },
): Promise<number> {
  const { addr, scopes, nowMs } = wanted;
  return store.write((tx) => {
    const there = selectPlacementsAt(tx, addr, MAX_SAME).filter(
      ({ scope }) => scopes.length === 0 || scopes.some((one) => one === scope),
    );
    // One may have been forgotten with another: it counts, too.
    for (const placement of there) forgetMemory(tx, placement, nowMs);
    return there.length;
  });
}

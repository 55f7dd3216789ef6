import { parseScope, type Scope } from "../session/memory-scope.ts";
import { selectPlacementsAt } from "../store/memory-placements.ts";
import type { SessionStore } from "../store/store.ts";
import { forgetMemory } from "./forget-memory.ts";
import { type Forgotten, forgetPerson, forgetScope, forgetSource } from "./forget-person.ts";

/** Scopes that remember the same. */
const MAX_SAME = 1_000;

/**
 * Erases for good what an operator names: of a person, all of it and what they said elsewhere; of a session, all that was learned in it;
 * of another scope, what it remembers.
 */
export async function forgetNamed(store: Pick<SessionStore, "write">, scopes: readonly Scope[]): Promise<Forgotten> {
  const byScope: Record<string, number> = {};
  let total = 0;
  for (const scope of scopes) {
    const parsed = parseScope(scope);
    const forgotten = [
      ...(parsed?.kind === "user" ? [await forgetPerson(store, scope)] : []),
      ...(parsed?.kind === "session" ? [await forgetSource(store, parsed.sessionId)] : []),
      await forgetScope(store, scope),
    ];
    for (const report of forgotten) {
      total += report.total;
      for (const [where, count] of Object.entries(report.byScope)) byScope[where] = (byScope[where] ?? 0) + count;
    }
  }
  return { total, byScope };
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

import type { Scope } from "../session/memory-scope.ts";
import type { Placement, PlacementState } from "../store/memory-placement.ts";
import { selectNewestOfAll, selectNewestPlacements, selectPlacement } from "../store/memory-placements.ts";
import { findAllWords } from "../store/memory-search.ts";
import type { Reader } from "../store/sqlite.ts";

/** What an operator looks for. */
export interface MemoryQuery {
  /** Null for all there are. */
  readonly scopes: readonly Scope[] | null;
  /** Every one of its words must be in it; only what is remembered now is found so. Null for whatever it says. */
  readonly text: string | null;
  readonly states: readonly PlacementState[];
  /** The number of the last one on the page before. */
  readonly before: number;
  readonly limit: number;
}

/** What is remembered now, by everybody and in one conversation. */
export const currentStates: readonly PlacementState[] = ["active", "preliminary"];

/** A page of what is remembered, newest first. Who may see it is the caller's to judge. */
export function listMemory(db: Reader, { scopes, text, states, before, limit }: MemoryQuery): Placement[] {
  if (text !== null) return found(db, { scopes, text, states, before, limit });
  const pages =
    scopes === null
      ? states.map((state) => selectNewestOfAll(db, { state, before, limit }))
      : scopes.flatMap((scope) => states.map((state) => selectNewestPlacements(db, { scope, state, before, limit })));
  return pages
    .flat()
    .sort((one, other) => other.id - one.id)
    .slice(0, limit);
}

function found(db: Reader, query: MemoryQuery & { readonly text: string }): Placement[] {
  const placements: Placement[] = [];
  for (let before = query.before; ; ) {
    const ids = findAllWords(db, { ...query, before });
    for (const id of ids) {
      const placement = selectPlacement(db, id);
      if (placement !== null && query.states.includes(placement.state)) placements.push(placement);
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < query.limit || placements.length >= query.limit)
      return placements.slice(0, query.limit);
    before = last;
  }
}

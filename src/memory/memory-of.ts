import type { Scope } from "../session/memory-scope.ts";
import type { Placement, PlacementState } from "../store/memory-placement.ts";
import { selectNewestPlacements, selectPlacements } from "../store/memory-placements.ts";
import type { Reader } from "../store/sqlite.ts";

const PAGE = 200;

/** A page of what a scope remembers, newest first; the number of the last one is the next page's `before`. */
export function memoryOf(
  db: Reader,
  scope: Scope,
  page: { readonly limit: number; readonly state?: PlacementState; readonly before?: number },
): Placement[] {
  const { limit, state = "active", before = Number.MAX_SAFE_INTEGER } = page;
  return selectNewestPlacements(db, { scope, state, before, limit });
}

/** What a scope remembered at an earlier time, oldest first, what was corrected since included; not what was forgotten. */
export function* memoryAsOf(db: Reader, scope: Scope, atMs: number): Generator<Placement, void> {
  for (const placement of everything(db, scope, ["active", "superseded", "stashed"])) {
    if (placement.validFromMs <= atMs && (placement.validToMs ?? Number.POSITIVE_INFINITY) > atMs) yield placement;
  }
}

/** All that some scopes remember or have remembered, with sources and times, for a file that its owner takes away; not what was forgotten. */
export function* exportMemory(db: Reader, scopes: readonly Scope[]): Iterable<Placement> {
  for (const scope of scopes)
    yield* everything(db, scope, ["active", "preliminary", "superseded", "stashed", "archived"]);
}

function* everything(db: Reader, scope: Scope, states: readonly PlacementState[]): Iterable<Placement> {
  for (const state of states) {
    for (let after = 0; ; ) {
      const page = selectPlacements(db, { scope, state, after, limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.id;
    }
  }
}

import type { Placement } from "../store/memory-placement.ts";
import { selectPlacement, selectReplacingPlacements } from "../store/memory-placements.ts";
import { findMemory } from "../store/memory-search.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SourcePlace } from "./promotion.ts";
import { recallRank } from "./recall-rank.ts";
import { newestVisible, searchedScope } from "./visible-memory.ts";
import type { VisibleScope } from "./visible-scopes.ts";

/** Most that is found by words, the best: what is shown is a part of it. */
const MAX_MATCHES = 100;
/** What is remembered last is looked at in any case, a scope: wishes hold whatever is being spoken of. */
const NEWEST = 50;
/** Most corrections of one session that wait for its end, the newest. */
const MAX_REPLACING = 200;

/** What to recall, for whom. */
export interface RecallQuery {
  /** What is being spoken of; an empty text finds what matters most. */
  readonly text: string;
  /** What this person may see in this place, and nothing else is looked at. */
  readonly scopes: readonly VisibleScope[];
  /** Where the answer will be read. */
  readonly place: SourcePlace;
  readonly nowMs: number;
  readonly budgetTokens: number;
}

/** Something recalled, with how well it fits the words: 0 to 1. */
export type Recalled = Placement & { readonly textScore: number };

/** What is remembered that helps here, best first, within a budget. Its cost is bounded, however much is remembered. */
export function recall(db: Reader, query: RecallQuery): readonly Recalled[] {
  const found = new Map<number, Recalled>();
  const scopes = query.scopes.map(({ scope }) => scope);
  const searched = query.scopes.map((visible) => searchedScope(visible, query.place));
  for (const { id, textScore } of findMemory(db, searched, query.text, MAX_MATCHES)) {
    const placement = selectPlacement(db, id);
    if (placement !== null) found.set(id, { ...placement, textScore });
  }
  for (const scope of query.scopes) {
    for (const placement of newestVisible(db, scope, query.place, NEWEST))
      if (!found.has(placement.id)) found.set(placement.id, { ...placement, textScore: 0 });
  }
  const replaced = replacedBy(db, scopes);
  const shown = [...found.values()].filter(({ addr }) => !replaced.has(addr));
  return recallRank(shown, query.nowMs, query.budgetTokens);
}

/** The addresses of what a session has learned better already: it is corrected where it is remembered only when the session ends. */
function replacedBy(db: Reader, scopes: readonly string[]): ReadonlySet<string> {
  const own = scopes.filter((scope) => scope.startsWith("session:"));
  return new Set(
    own.flatMap((scope) => selectReplacingPlacements(db, scope, MAX_REPLACING).flatMap(({ inputs }) => inputs)),
  );
}

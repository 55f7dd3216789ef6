import type { Placement } from "../store/memory-placement.ts";
import { selectNewestPlacements, selectPlacement } from "../store/memory-placements.ts";
import { findNewestMemory, scopeInChat } from "../store/memory-search.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SourcePlace } from "./promotion.ts";
import { chatOf } from "./source-place.ts";
import type { VisibleScope } from "./visible-scopes.ts";

/** A scope as the index is asked for it: where others read along, only what was said in this chat is looked for, so that the rest takes nobody's place. */
export function searchedScope({ scope, isOfThisChatOnly }: VisibleScope, place: SourcePlace): string {
  return isOfThisChatOnly ? scopeInChat(scope, chatOf(place)) : scope;
}

/** The newest of what may be seen of a scope in this place; what a session has learned of its own. */
export function newestVisible(
  db: Reader,
  visible: VisibleScope,
  place: SourcePlace,
  limit: number,
): readonly Placement[] {
  const { scope, isOfThisChatOnly } = visible;
  if (isOfThisChatOnly)
    return findNewestMemory(db, searchedScope(visible, place), limit).flatMap((id) => selectPlacement(db, id) ?? []);
  const state = scope.startsWith("session:") ? "preliminary" : "active";
  return selectNewestPlacements(db, { scope, state, before: Number.MAX_SAFE_INTEGER, limit });
}

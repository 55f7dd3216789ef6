import type { Placement } from "../store/memory-placement.ts";
import { selectNewestPlacements, selectPlacement } from "../store/memory-placements.ts";
import { findMemory } from "../store/memory-search.ts";
import { selectSession } from "../store/sessions.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SourcePlace } from "./promotion.ts";
import { recallRank } from "./recall-rank.ts";
import type { VisibleScope } from "./visible-scopes.ts";

/** Most that is found by words. */
const MAX_MATCHES = 200;
/** What is remembered last is looked at in any case, a scope: wishes hold whatever is being spoken of. */
const NEWEST = 50;

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
  for (const { id, textScore } of findMemory(db, scopes, query.text, MAX_MATCHES)) {
    const placement = selectPlacement(db, id);
    if (placement !== null) found.set(id, { ...placement, textScore });
  }
  for (const scope of scopes) {
    const state = scope.startsWith("session:") ? "preliminary" : "active";
    for (const placement of selectNewestPlacements(db, {
      scope,
      state,
      before: Number.MAX_SAFE_INTEGER,
      limit: NEWEST,
    }))
      if (!found.has(placement.id)) found.set(placement.id, { ...placement, textScore: 0 });
  }
  const isHere = chatsOf(db, query.place);
  const guarded = new Set<string>(
    query.scopes.filter(({ isOfThisChatOnly }) => isOfThisChatOnly).map(({ scope }) => scope),
  );
  const shown = [...found.values()].filter((one) => !guarded.has(one.scope) || isHere(one.sourceSession));
  return recallRank(shown, query.nowMs, query.budgetTokens);
}

/** Whether something was said in this very chat; what nobody knows the source of was not. */
function chatsOf(db: Reader, place: SourcePlace): (sessionId: string | null) => boolean {
  const known = new Map<string, boolean>();
  return (sessionId) => {
    if (sessionId === null) return false;
    const before = known.get(sessionId);
    if (before !== undefined) return before;
    const session = selectSession(db, sessionId);
    const isHere =
      session?.platform === place.platform && session.account === place.account && session.chat_id === place.chatId;
    known.set(sessionId, isHere);
    return isHere;
  };
}

import { placeOf } from "../memory/source-place.ts";
import { type VisibleScope, visibleScopes } from "../memory/visible-scopes.ts";
import { participantOf } from "../session/source.ts";
import type { BegunTurn } from "./begun-turn.ts";

/**
 * What may be recalled in a turn: of the place, of the session, and of each person whose message it answers. A job speaks for nobody,
 * and its answer may go elsewhere: no person's memory is for it.
 */
export function scopesOf(turn: Pick<BegunTurn, "session" | "messages">): readonly VisibleScope[] {
  const place = placeOf(turn.session.source);
  const { sessionId, agentId } = turn.session;
  const people = turn.messages.map(({ job, source }) => (job === undefined ? participantOf(source) : null));
  const scopes = [...new Set(people)].flatMap((userId) => visibleScopes(place, { sessionId, agentId, userId }));
  return [...new Map(scopes.map((scope) => [scope.scope, scope])).values()];
}

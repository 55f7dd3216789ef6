import { formatScope } from "../session/memory-scope.ts";
import { selectNewestPlacements } from "../store/memory-placements.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { promotionScope } from "./promotion.ts";
import { placeOf } from "./source-place.ts";

/** Most that an extraction is told of what is known, a scope: enough not to find it again, little enough for a prompt. */
const MAX_KNOWN = 50;

/** What is known where a session's claims go to, so that it need not be found again. */
export function knownTo(db: Reader, session: Session): string[] {
  const place = placeOf(session.source);
  const scopes = [
    promotionScope({ about: "chat", author: null }, place),
    place.userId === null ? null : promotionScope({ about: "user", author: place.userId }, place),
  ].filter((scope) => scope !== null);
  const before = Number.MAX_SAFE_INTEGER;
  const active = [...new Set(scopes)].map((scope) => ({ scope, state: "active", before, limit: MAX_KNOWN }) as const);
  const own = {
    scope: formatScope({ kind: "session", sessionId: session.sessionId }),
    state: "preliminary",
    before,
    limit: MAX_KNOWN,
  } as const;
  return [own, ...active].flatMap((page) => selectNewestPlacements(db, page).map(({ content }) => content));
}

import { selectSession } from "../store/sessions.ts";
import type { Reader } from "../store/sqlite.ts";
import type { SourcePlace } from "./promotion.ts";

/** Tells of a session's public id whether it was in this very chat; what nobody knows the source of was not. */
export function saidIn(db: Reader, place: SourcePlace): (sessionId: string | null) => boolean {
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

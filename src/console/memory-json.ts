import { describeSource } from "../session/describe-source.ts";
import { parseScope } from "../session/memory-scope.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import { sessionOf } from "../store/session.ts";
import { selectSession } from "../store/sessions.ts";
import type { Reader } from "../store/sqlite.ts";

/** Lines of a memory's source in which its author's name is looked for. */
const MAX_NAMED_LINES = 100;

/** A memory as the API shows it: where it belongs, what it says, and where it comes from. */
export function memoryJson(db: Reader, placement: Placement) {
  const { addr, scope, content, bucket, state, confidence, reinforced, toldExplicitly, inputs } = placement;
  const { validFromMs, validToMs, createdAtMs, updatedAtMs } = placement;
  const row = placement.sourceSession === null ? null : selectSession(db, placement.sourceSession);
  const session = row === null || row.end_reason === "delete" ? null : sessionOf(row);
  return {
    address: addr,
    scope,
    content,
    bucket,
    state,
    confidence,
    reinforced,
    toldExplicitly,
    /** The addresses of what it takes the place of. */
    replaces: inputs,
    saidBy: authorOf(db, placement, session?.row ?? null),
    source:
      placement.sourceSession === null
        ? null
        : {
            sessionId: placement.sourceSession,
            /** Where that was; null when the session is gone. */
            description: session === null ? null : describeSource(session.source),
            fromSeq: placement.sourceFromSeq,
            toSeq: placement.sourceToSeq,
          },
    validFromMs,
    validToMs,
    createdAtMs,
    updatedAtMs,
  };
}

/** Who said it, with the name they had then; null when nobody in particular did. */
function authorOf(db: Reader, placement: Placement, session: number | null) {
  const { author, sourceFromSeq: from, sourceToSeq: to } = placement;
  const parsed = author === null ? null : parseScope(author);
  if (parsed?.kind !== "user") return null;
  const { platform, userId } = parsed;
  const count = from === null || to === null ? 0 : Math.min(to - from + 1, MAX_NAMED_LINES);
  const lines = session === null || to === null || count === 0 ? [] : selectMessagesBefore(db, session, to + 1, count);
  const name = lines.find(({ senderId }) => senderId === userId)?.senderName ?? null;
  return { platform, userId, name };
}

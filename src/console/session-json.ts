import { describeSource } from "../session/describe-source.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import { selectMessagesBefore } from "../store/messages.ts";
import type { Session } from "../store/session.ts";
import { selectTags } from "../store/session-labels.ts";
import type { Reader } from "../store/sqlite.ts";

/** Longest beginning of a conversation in a list, in UTF-16 units: two lines on a phone. */
const MAX_PREVIEW_LENGTH = 120;

/** A session as the API shows it: published ids, times in milliseconds since 1970 UTC, no numbers of the database. */
export function sessionJson(reader: Reader, session: Session) {
  const first = selectMessagesBefore(reader, session.row, 2, 1)[0];
  return {
    sessionId: session.sessionId,
    sessionKey: session.sessionKey,
    agentId: session.agentId,
    state: session.live ? "live" : "ended",
    endReason: session.endReason,
    source: session.source,
    description: describeSource(session.source),
    title: session.title,
    /** How it begins, for lists: one line; null while it is empty. */
    preview:
      first === undefined
        ? null
        : cutText(cleanText(first.content.slice(0, MAX_PREVIEW_LENGTH * 2)), MAX_PREVIEW_LENGTH),
    createdAtMs: session.createdAtMs,
    lastActiveAtMs: session.lastActiveMs,
    endedAtMs: session.endedAtMs,
    nextResetAtMs: session.nextResetAtMs,
    messageCount: session.messageCount,
    usage: session.usage,
    tags: selectTags(reader, session.row),
  };
}

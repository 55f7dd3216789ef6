import { dropMessages } from "./drop-messages.ts";
import { deleteSessionMemory, eraseSession } from "./erase-session.ts";
import type { SessionRow } from "./session.ts";
import { updateEnded } from "./session-ends.ts";
import type { Tx } from "./writer.ts";

/** Memories erased by one statement after the other: bounds what is read at a time. */
const MEMORY_PAGE = 500;

/** Erases what was said in a session and hides it; an empty row stays until it is purged, so that its id is not given again. */
export function deleteSession(tx: Tx, session: SessionRow, nowMs: number): void {
  if (session.live === 1) updateEnded(tx, { row: session.id, endedAtMs: nowMs, reason: "delete", notice: null });
  while (deleteSessionMemory(tx, session.session_id, MEMORY_PAGE) > 0);
  eraseSession(tx, session, "delete", nowMs);
  dropMessages(tx, session.id, 1);
}

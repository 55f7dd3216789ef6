import { dropMessages } from "./drop-messages.ts";
import { eraseSession } from "./erase-session.ts";
import type { SessionRow } from "./session.ts";
import { updateEnded } from "./session-ends.ts";
import type { Tx } from "./writer.ts";

/** Erases what was said in a session and hides it; an empty row stays until it is purged, so that its id is not given again. */
export function deleteSession(tx: Tx, session: SessionRow, nowMs: number): void {
  if (session.live === 1) updateEnded(tx, { row: session.id, endedAtMs: nowMs, reason: "delete", notice: null });
  eraseSession(tx, session, "delete", nowMs);
  dropMessages(tx, session.id, 1);
}

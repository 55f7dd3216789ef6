import { dropMessages } from "./drop-messages.ts";
import type { SessionRow } from "./session.ts";
import { updateEnded, updateErased } from "./session-ends.ts";
import { deleteLabels } from "./session-labels.ts";
import type { Tx } from "./writer.ts";

/** Erases what was said in a session and hides it; an empty row stays, so that its id is never given again. */
export function deleteSession(tx: Tx, session: SessionRow, nowMs: number): void {
  dropMessages(tx, session.id, 1);
  if (session.live === 1) updateEnded(tx, { row: session.id, endedAtMs: nowMs, reason: "delete", notice: null });
  deleteLabels(tx, session.id);
  updateErased(tx, session.id);
}

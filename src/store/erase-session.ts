import { formatScope } from "../session/memory-scope.ts";
import { deleteArchives } from "./archives.ts";
import { deletePlacement } from "./change-placement.ts";
import { unmarkExtracted } from "./extractions.ts";
import { writeEvent } from "./lifecycle-events.ts";
import { failJobsOver } from "./lifecycle-jobs.ts";
import { selectAnyPlacements } from "./memory-placements.ts";
import type { SessionRow } from "./session.ts";
import { updateErased } from "./session-ends.ts";
import { deleteLabels } from "./session-labels.ts";
import { deleteWindow } from "./windows.ts";
import type { Tx } from "./writer.ts";

/**
 * Makes an ended session a tombstone: its archives and what people wrote in its row are gone, and what was being made of its lines fails.
 * The caller drops its memory and its lines, all at once or a part at a time: from here on nobody reads them.
 */
export function eraseSession(tx: Tx, session: SessionRow, why: "delete" | "retention", nowMs: number): void {
  deleteLabels(tx, session.id);
  updateErased(tx, session.id);
  failJobsOver(tx, session.id, 1);
  deleteArchives(tx, session.id);
  unmarkExtracted(tx, session.id, 1);
  deleteWindow(tx, session.id);
  const { session_id: sessionId, session_key: sessionKey } = session;
  writeEvent(tx, { kind: "session.purged", sessionId, sessionKey, data: { reason: why }, atMs: nowMs });
}

/** Erases some of what is known in a session alone, and returns how many; what was promoted stays. */
export function deleteSessionMemory(tx: Tx, sessionId: string, limit: number): number {
  const placements = selectAnyPlacements(tx, formatScope({ kind: "session", sessionId }), 0, limit);
  for (const placement of placements) deletePlacement(tx, placement);
  return placements.length;
}

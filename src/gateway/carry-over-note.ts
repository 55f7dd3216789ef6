import { withSummary } from "../session/opening-note.ts";
import { selectLatestArchive } from "../store/archives.ts";
import type { SessionRow } from "../store/session.ts";
import { selectSuccessor, updateOpeningNote } from "../store/successor.ts";
import type { Tx } from "../store/writer.ts";

/**
 * Adds what the last archive of an ended session says to the note that the next one began with, where that began before there was an
 * archive. A session that begins later quotes it by itself.
 */
export function carryOverNote(tx: Tx, ended: SessionRow): void {
  const next = selectSuccessor(tx, ended);
  const summary = selectLatestArchive(tx, ended.id)?.overview;
  if (next === null || next.live === 0 || next.opening_note === null || summary === undefined) return;
  const note = withSummary(next.opening_note, summary);
  if (note !== next.opening_note) updateOpeningNote(tx, next.id, note);
}

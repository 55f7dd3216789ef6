import { randomHex } from "../clock/clock.ts";
import { insertArchive, selectArchives, updateMerged } from "./archives.ts";
import { markExtracted, selectExtractions } from "./extractions.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { freshWindow, putWindow, selectWindow } from "./windows.ts";

type Run = Pick<Connection, "run">;

const ARCHIVE_ID_BYTES = 8;
/** An id for an archive: never given twice, and nobody can guess it. */
export function newArchiveId(): string {
  return `a_${randomHex(ARCHIVE_ID_BYTES)}`;
}

/** Where a copy that is to begin after line `after` can begin: at the border of an archive, for archives are copied whole. */
export function copyBorder(db: Reader, session: number, after: number): number {
  if (after === 0) return 0;
  const within = selectArchives(db, session, after + 1).filter(
    ({ merges, fromSeq }) => merges === 0 && fromSeq <= after,
  );
  return within[0]?.toSeq ?? after;
}

/**
 * Gives a copied session the archives of its lines, with ids of their own, and what its window carries: compaction cost time and tokens, and
 * what is archived there is archived here. `after` is the line of the original that the copy begins after, a border of archives.
 */
export function copyLifecycle(tx: Run & Reader, from: number, to: number, after: number): void {
  const archives = selectArchives(tx, from, after + 1).filter(({ fromSeq }) => fromSeq > after);
  const place = ({ fromSeq, toSeq }: { fromSeq: number; toSeq: number }) => ({
    fromSeq: fromSeq - after,
    toSeq: toSeq - after,
  });
  const lines = archives.filter(({ merges }) => merges === 0);
  // Those that stand for others come in the order in which they were made: each is then of the oldest.
  const merged = archives.filter(({ merges }) => merges > 0).toSorted((one, other) => one.row - other.row);
  for (const archive of lines)
    insertArchive(tx, { ...archive, ...place(archive), session: to, archiveId: newArchiveId() });
  for (const archive of merged) {
    const row = insertArchive(tx, { ...archive, ...place(archive), session: to, archiveId: newArchiveId() });
    updateMerged(tx, { session: to, row, toSeq: archive.toSeq - after });
  }
  for (const { fromSeq, toSeq } of selectExtractions(tx, from)) {
    if (toSeq > after) markExtracted(tx, to, { fromSeq: Math.max(fromSeq - after, 1), toSeq: toSeq - after });
  }
  const window = selectWindow(tx, from);
  if (window !== freshWindow) putWindow(tx, to, { ...window, token: null });
}

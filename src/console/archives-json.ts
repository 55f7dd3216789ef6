import type { Archive } from "../store/archive.ts";
import { selectArchives, selectLiveArchives } from "../store/archives.ts";
import type { Reader } from "../store/sqlite.ts";

/** The archives of a session as the API and the command line show them, oldest lines first; those that were merged only when asked for. */
export function archivesJson(db: Reader, session: number, withMerged: boolean) {
  const all = selectArchives(db, session);
  const idOf = new Map(all.map(({ row, archiveId }) => [row, archiveId]));
  return (withMerged ? all : selectLiveArchives(db, session)).map((archive) =>
    archiveJson(archive, archive.mergedInto === null ? null : (idOf.get(archive.mergedInto) ?? null)),
  );
}

/** One archive: which lines it stands for, and what it says of them. */
export function archiveJson(archive: Archive, mergedInto: string | null) {
  const { archiveId, fromSeq, toSeq, merges, overview, abstract, details, createdAtMs } = archive;
  return { archiveId, fromSeq, toSeq, merges, mergedInto, overview, abstract, ...details, createdAtMs };
}

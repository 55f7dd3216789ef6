import { type Archive, type ArchiveDetails, archiveOf } from "./archive.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const start = statement<{ session: number }>()((db, p) =>
  db
    .selectFrom("archives")
    .select("to_seq")
    .where("session", "=", p.session)
    .where("merged_into", "is", null)
    .orderBy("to_seq", "desc")
    .limit(1),
);
/** The last archived `seq` of a session, 0 when nothing is archived: its window is what comes after. */
export function windowStart(db: Reader, session: number): number {
  return db.get(start, { session })?.to_seq ?? 0;
}

const latest = statement<{ session: number }>()((db, p) =>
  db
    .selectFrom("archives")
    .selectAll()
    .where("session", "=", p.session)
    .where("merged_into", "is", null)
    .orderBy("to_seq", "desc")
    .limit(1),
);
/** The archive of the newest archived lines, or null. */
export function selectLatestArchive(db: Reader, session: number): Archive | null {
  const row = db.get(latest, { session });
  return row === null ? null : archiveOf(row);
}

const live = statement<{ session: number }>()((db, p) =>
  db
    .selectFrom("archives")
    .selectAll()
    .where("session", "=", p.session)
    .where("merged_into", "is", null)
    .orderBy("to_seq"),
);
/** The archives that nothing stands for, oldest lines first: together they cover all that is archived. */
export function selectLiveArchives(db: Reader, session: number): Archive[] {
  return db.all(live, { session }).map(archiveOf);
}

const every = statement<{ session: number; from: number }>()((db, p) =>
  db
    .selectFrom("archives")
    .selectAll()
    .where("session", "=", p.session)
    .where("to_seq", ">=", p.from)
    .orderBy("to_seq")
    .orderBy("id"),
);
/** Every archive of a session that reaches to `fromSeq` or beyond, those that were merged included. */
export function selectArchives(db: Reader, session: number, fromSeq = 0): Archive[] {
  return db.all(every, { session, from: fromSeq }).map(archiveOf);
}

const children = statement<{ row: number }>()((db, p) =>
  db.selectFrom("archives").selectAll().where("merged_into", "=", p.row).orderBy("to_seq"),
);
/** The archives that this one stands for, oldest lines first. */
export function selectMergedArchives(db: Reader, row: number): Archive[] {
  return db.all(children, { row }).map(archiveOf);
}

const byId = statement<{ archiveId: string }>()((db, p) =>
  db.selectFrom("archives").selectAll().where("archive_id", "=", p.archiveId),
);
/** The archive with this public id, or null. */
export function selectArchive(db: Reader, archiveId: string): Archive | null {
  const row = db.get(byId, { archiveId });
  return row === null ? null : archiveOf(row);
}

const toRedo = statement<{ nowMs: number; limit: number }>()((db, p) =>
  db.selectFrom("archives").selectAll().where("redo_at_ms", "<=", p.nowMs).orderBy("redo_at_ms").limit(p.limit),
);
/** Archives whose summary is due to be made again by a model. */
export function selectArchivesToRedo(db: Reader, nowMs: number, limit: number): Archive[] {
  return db.all(toRedo, { nowMs, limit }).map(archiveOf);
}

/** What an archive starts with. */
export interface NewArchive {
  session: number;
  archiveId: string;
  fromSeq: number;
  toSeq: number;
  /** 0 for one of lines. */
  merges: number;
  overview: string;
  abstract: string;
  details: ArchiveDetails;
  redoAtMs: number | null;
  createdAtMs: number;
}
const insertion = statement<Omit<NewArchive, "details"> & { details: string }>()((db, p) =>
  db.insertInto("archives").values({
    session: p.session,
    archive_id: p.archiveId,
    from_seq: p.fromSeq,
    to_seq: p.toSeq,
    merges: p.merges,
    overview: p.overview,
    abstract: p.abstract,
    details: p.details,
    redo_at_ms: p.redoAtMs,
    created_at_ms: p.createdAtMs,
  }),
);
/** Adds an archive and returns its row number; triggers refuse one that does not follow on the one before, or a merge of others than the oldest. */
export function insertArchive(db: Run, archive: NewArchive): number {
  return db.run(insertion, { ...archive, details: JSON.stringify(archive.details) }).lastId;
}

const merging = statement<{ session: number; row: number; toSeq: number }>()((db, p) =>
  db
    .updateTable("archives")
    .set({ merged_into: p.row })
    .where("session", "=", p.session)
    .where("merged_into", "is", null)
    .where("to_seq", "<=", p.toSeq)
    .where("id", "!=", p.row),
);
/** The live archives up to `toSeq` are the children of `row` from now on; returns how many. */
export function updateMerged(db: Run, merge: { session: number; row: number; toSeq: number }): number {
  return db.run(merging, merge).changes;
}

const renewal = statement<{
  row: number;
  overview: string;
  abstract: string;
  details: string;
  redoAtMs: number | null;
}>()((db, p) =>
  db
    .updateTable("archives")
    .set({ overview: p.overview, abstract: p.abstract, details: p.details, redo_at_ms: p.redoAtMs })
    .where("id", "=", p.row)
    .where("redo_at_ms", "is not", null),
);
/** A summary made anew takes the place of one that was made without a model; false when it was made already. Its range is the same. */
export function updateRedone(
  db: Run,
  summary: { row: number; overview: string; abstract: string; details: ArchiveDetails; redoAtMs: number | null },
): boolean {
  return db.run(renewal, { ...summary, details: JSON.stringify(summary.details) }).changes === 1;
}

const removal = statement<{ session: number }>()((db, p) => db.deleteFrom("archives").where("session", "=", p.session));
/** Removes the archives of a session; a trigger refuses unless it was deleted. */
export function deleteArchives(db: Run, session: number): void {
  db.run(removal, { session });
}

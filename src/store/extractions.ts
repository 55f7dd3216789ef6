import { sql } from "kysely";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** Lines by `seq`, both ends included. */
export interface SeqRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

const marks = statement<{ session: number }>()((db, p) =>
  db.selectFrom("extractions").select(["from_seq", "to_seq"]).where("session", "=", p.session).orderBy("from_seq"),
);
/** The ranges whose facts were taken out, in order, with gaps between them. */
export function selectExtractions(db: Reader, session: number): SeqRange[] {
  return db.all(marks, { session }).map((row) => ({ fromSeq: row.from_seq, toSeq: row.to_seq }));
}

/** The last `seq` before which all is extracted; 0 when the first line is not. */
export function extractionWatermark(db: Reader, session: number): number {
  const [first] = selectExtractions(db, session);
  return first?.fromSeq === 1 ? first.toSeq : 0;
}

/** The ranges of lines 1…`lastSeq` that are still to be extracted, oldest first. */
export function pendingExtraction(db: Reader, session: number, lastSeq: number): SeqRange[] {
  const pending: SeqRange[] = [];
  let next = 1;
  for (const { fromSeq, toSeq } of [...selectExtractions(db, session), { fromSeq: lastSeq + 1, toSeq: lastSeq + 1 }]) {
    const until = Math.min(fromSeq - 1, lastSeq);
    if (until >= next) pending.push({ fromSeq: next, toSeq: until });
    next = Math.max(next, toSeq + 1);
  }
  return pending;
}

const touching = statement<{ session: number; from: number; to: number }>()((db, p) =>
  db
    .selectFrom("extractions")
    .select([sql<number | null>`min(from_seq)`.as("from_seq"), sql<number | null>`max(to_seq)`.as("to_seq")])
    .where("session", "=", p.session)
    .where("from_seq", "<=", p.to)
    .where("to_seq", ">=", p.from),
);
const clearing = statement<{ session: number; from: number; to: number }>()((db, p) =>
  db
    .deleteFrom("extractions")
    .where("session", "=", p.session)
    .where("from_seq", ">=", p.from)
    .where("to_seq", "<=", p.to),
);
const insertion = statement<{ session: number; from: number; to: number }>()((db, p) =>
  db.insertInto("extractions").values({ session: p.session, from_seq: p.from, to_seq: p.to }),
);
/** Marks exactly these lines as extracted; what touches or overlaps becomes one range. */
export function markExtracted(db: Run & Reader, session: number, range: SeqRange): void {
  const near = db.get(touching, { session, from: range.fromSeq - 1, to: range.toSeq + 1 });
  const from = Math.min(range.fromSeq, near?.from_seq ?? range.fromSeq);
  const to = Math.max(range.toSeq, near?.to_seq ?? range.toSeq);
  db.run(clearing, { session, from, to });
  db.run(insertion, { session, from, to });
}

const beyond = statement<{ session: number; from: number }>()((db, p) =>
  db.deleteFrom("extractions").where("session", "=", p.session).where("from_seq", ">=", p.from),
);
const cutting = statement<{ session: number; from: number; last: number }>()((db, p) =>
  db.updateTable("extractions").set({ to_seq: p.last }).where("session", "=", p.session).where("to_seq", ">=", p.from),
);
/** Lines from `fromSeq` on are gone: their numbers will be given again. */
export function unmarkExtracted(db: Run, session: number, fromSeq: number): void {
  db.run(beyond, { session, from: fromSeq });
  db.run(cutting, { session, from: fromSeq, last: fromSeq - 1 });
}

import { sql } from "kysely";
import { selectGreatestMessageRow } from "./messages.ts";
import { putMeta, selectMeta } from "./meta.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { type Statement, statement } from "./statement.ts";
import type { Tx } from "./writer.ts";

/** Most lines that are indexed in one step: some milliseconds. */
export const MAX_STEP_LINES = 256;
/** Pages of the index that a step merges: more than it adds, however often they are merged again, and a millisecond or two. */
const MERGED_PAGES = 64;
/** A step ends with the line that makes it longer than this, in bytes: lines may be long. */
const MAX_STEP_BYTES = 128 * 1024;

/** The greatest message row that is in the index: it follows the rows, in their order (`index-behind.ts`). */
function indexedThrough(db: Reader): number {
  return Number(selectMeta(db, "indexed_through") ?? 0);
}

/** Whether lines are stored that a search would not find yet. */
export function isIndexBehind(db: Reader): boolean {
  return selectGreatestMessageRow(db) > indexedThrough(db);
}

const sizes = statement<{ after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("messages")
    .select(["id", sql<number>`octet_length(content)`.as("bytes")])
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
// The scope word lets a search stay inside one session without reading the others. Texts of one byte a character have no ideographs.
const insertionInto = (table: "messages_fts" | "messages_tail") =>
  statement<{ after: number; through: number }>()((db, p) =>
    db
      .insertInto(table)
      .columns(["rowid", "text", "scope"])
      .expression((query) =>
        query
          .selectFrom("messages")
          .select([
            "id",
            sql<string>`iif(length(content) = octet_length(content), content, spaced_ideographs(content))`.as("text"),
            sql<string>`'s' || session`.as("scope"),
          ])
          .where("id", ">", p.after)
          .where("id", "<=", p.through)
          .orderBy("id"),
      ),
  );
const insertion = insertionInto("messages_fts");
/** Merges of the index go along, in small steps: left alone while lines come without a pause, it merges tens of thousands at once, and everybody waits. */
const mergeSome = command(`INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', ${MERGED_PAGES})`);
/** Indexes the oldest lines that are not yet; false when none is left. */
export function indexNext(tx: Tx): boolean {
  const after = indexedThrough(tx);
  const lines = tx.all(sizes, { after, limit: MAX_STEP_LINES });
  let bytes = 0;
  let through = after;
  let count = 0;
  for (const line of lines) {
    if (bytes >= MAX_STEP_BYTES) break;
    bytes += line.bytes;
    through = line.id;
    count += 1;
  }
  if (count === 0) return false;
  tx.run(insertion, { after, through });
  tx.run(mergeSome, {});
  putMeta(tx, "indexed_through", String(through));
  return count < lines.length || lines.length === MAX_STEP_LINES;
}

const removal = statement<{ rowid: number }>()((db, p) => db.deleteFrom("messages_fts").where("rowid", "=", p.rowid));
/** Takes lines out of the index, which may not have them yet. Call it when their rows are gone: the greatest row numbers are used again. */
export function unindexMessages(tx: Reader & Pick<Connection, "run">, rows: readonly number[]): void {
  for (const rowid of rows) tx.run(removal, { rowid });
  const greatest = selectGreatestMessageRow(tx);
  if (greatest < indexedThrough(tx)) putMeta(tx, "indexed_through", String(greatest));
}

/** Most lines that a search indexes for itself. */
const MAX_TAIL_LINES = 5_000;
const tailTable = command(
  `CREATE VIRTUAL TABLE IF NOT EXISTS temp.messages_tail USING fts5 (
     text, scope, content = '', contentless_delete = 1, detail = full, tokenize = 'unicode61 remove_diacritics 2'
   )`,
);
const emptyTail = command("INSERT INTO messages_tail (messages_tail) VALUES ('delete-all')");
const tailInsertion = insertionInto("messages_tail");
/**
 * Indexes what the index does not have yet in a table of this connection's own, in memory; false when there is nothing. It makes a search whole where
 * nothing can be written: beside a daemon, and on a full disk. Of a longer tail the newest lines.
 */
export function indexTail(db: Reader & Pick<Connection, "run">): boolean {
  const after = indexedThrough(db);
  const through = selectGreatestMessageRow(db);
  if (through <= after) return false;
  db.run(tailTable, {});
  db.run(emptyTail, {});
  db.run(tailInsertion, { after: Math.max(after, through - MAX_TAIL_LINES), through });
  return true;
}

/** SQL that kysely has no words for, and that takes no parameters. */
function command(text: string): Statement<object, unknown> {
  return { compiled: () => ({ sql: text, names: [] }) };
}

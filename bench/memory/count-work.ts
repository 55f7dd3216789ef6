import type { Reader } from "../../src/store/sqlite.ts";
import type { Statement } from "../../src/store/statement.ts";
import type { SessionStore } from "../../src/store/store.ts";
import type { Tx } from "../../src/store/writer.ts";

/** What was asked of the database. */
export interface Work {
  statements: number;
  rowsRead: number;
  rowsWritten: number;
  /** What SQLite says of how it does each of the statements, with its text. */
  readonly plans: Set<string>;
  readonly explained: Set<string>;
}

/** A store that counts what is asked of it. */
export function countWork(store: Pick<SessionStore, "reader" | "write">): {
  readonly store: Pick<SessionStore, "reader" | "write">;
  readonly work: Work;
} {
  const work: Work = { statements: 0, rowsRead: 0, rowsWritten: 0, plans: new Set(), explained: new Set() };
  const reading = (reader: Reader): Reader => ({
    get<P, R>(statement: Statement<P, R>, params: P) {
      const row = reader.get(statement, params);
      note(reader, work, statement, params, row === null ? 0 : 1);
      return row;
    },
    all<P, R>(statement: Statement<P, R>, params: P) {
      const rows = reader.all(statement, params);
      note(reader, work, statement, params, rows.length);
      return rows;
    },
  });
  const writing = (tx: Tx): Tx => ({
    ...tx,
    ...reading(tx),
    run(statement, params) {
      const done = tx.run(statement, params);
      note(tx, work, statement, params, 0);
      work.rowsWritten += done.changes;
      return done;
    },
  });
  return {
    work,
    store: { reader: reading(store.reader), write: (act) => store.write((tx) => act(writing(tx))) },
  };
}

function note<P>(reader: Reader, work: Work, statement: Statement<P, unknown>, params: P, rows: number): void {
  work.statements += 1;
  work.rowsRead += rows;
  const { sql, names } = statement.compiled();
  const plan: Statement<P, { detail: string }> = {
    compiled: () => ({ sql: `EXPLAIN QUERY PLAN ${sql}`, names }),
  };
  if (work.explained.has(sql)) return;
  work.explained.add(sql);
  for (const { detail } of reader.all(plan, params)) work.plans.add(`${detail}  [${sql}]`);
}

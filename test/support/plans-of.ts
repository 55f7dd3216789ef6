import type { Statement } from "../../src/store/statement.ts";
import type { SessionStore } from "../../src/store/store.ts";
import type { Tx } from "../../src/store/writer.ts";

/** The plans of everything that `act` asks of the database; what it changes is taken back. */
export async function plansOf(store: SessionStore, act: (tx: Tx) => unknown): Promise<string[]> {
  const plans: string[] = [];
  const undo = new Error("taken back");
  const explain = (tx: Tx, statement: Statement<never, unknown>, params: unknown) => {
    const { sql, names } = statement.compiled();
    const plan = { compiled: () => ({ sql: `EXPLAIN QUERY PLAN ${sql}`, names }) };
    for (const row of tx.all(plan, params as never) as { detail: string }[]) plans.push(`${row.detail}  [${sql}]`);
  };
  await store
    .write((tx) => {
      act({
        ...tx,
        get(statement, params) {
          explain(tx, statement as never, params);
          return tx.get(statement, params);
        },
        all(statement, params) {
          explain(tx, statement as never, params);
          return tx.all(statement, params);
        },
        run(statement, params) {
          explain(tx, statement as never, params);
          return tx.run(statement, params);
        },
      });
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return plans;
}

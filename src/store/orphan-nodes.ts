import { deleteNodeIfOrphan } from "./memory-nodes.ts";
import { statement } from "./statement.ts";
import type { Tx } from "./writer.ts";

const page = statement<{ after: string; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_nodes")
    .leftJoin("memory_placements", "memory_placements.addr", "memory_nodes.addr")
    .select(["memory_nodes.addr", "memory_placements.id"])
    .where("memory_nodes.addr", ">", p.after)
    .orderBy("memory_nodes.addr")
    .limit(p.limit),
);

/** Removes those of the next `limit` nodes after an address that are remembered nowhere; `last` is where the next page begins, null at the end. */
export function deleteOrphanNodes(
  tx: Tx,
  after: string,
  limit: number,
): { readonly removed: number; readonly last: string | null } {
  const rows = tx.all(page, { after, limit });
  let removed = 0;
  for (const { addr, id } of rows) if (id === null && deleteNodeIfOrphan(tx, addr)) removed += 1;
  return { removed, last: rows.length < limit ? null : (rows.at(-1)?.addr ?? null) };
}

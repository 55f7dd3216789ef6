import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** Something that is remembered, without where and for whom. */
export interface StoredNode {
  /** 64 hex characters: the address of its content (`src/memory/node-address.ts`). */
  addr: string;
  type: string;
  content: string;
  inputs: readonly string[];
  createdAtMs: number;
}

const insertion = statement<Omit<StoredNode, "inputs"> & { inputs: string }>()((db, p) =>
  db
    .insertInto("memory_nodes")
    .values({ addr: p.addr, type: p.type, content: p.content, inputs: p.inputs, created_at_ms: p.createdAtMs })
    .onConflict((conflict) => conflict.column("addr").doNothing()),
);
/** Stores a node; one of the same address is the same node, and stays as it is. */
export function insertNode(db: Run, node: StoredNode): void {
  db.run(insertion, { ...node, inputs: JSON.stringify(node.inputs) });
}

const one = statement<{ addr: string }>()((db, p) =>
  db.selectFrom("memory_nodes").selectAll().where("addr", "=", p.addr),
);
/** The node at an address, or null. */
export function selectNode(db: Reader, addr: string): StoredNode | null {
  const row = db.get(one, { addr });
  if (row === null) return null;
  const { type, content, created_at_ms: createdAtMs } = row;
  return { addr, type, content, inputs: JSON.parse(row.inputs) as string[], createdAtMs };
}

const placed = statement<{ addr: string }>()((db, p) =>
  db.selectFrom("memory_placements").select("id").where("addr", "=", p.addr).limit(1),
);
const removal = statement<{ addr: string }>()((db, p) => db.deleteFrom("memory_nodes").where("addr", "=", p.addr));
/** Forgets a node that is remembered nowhere any more; false when it is. */
export function deleteNodeIfOrphan(db: Run & Reader, addr: string): boolean {
  if (db.get(placed, { addr }) !== null) return false;
  return db.run(removal, { addr }).changes === 1;
}

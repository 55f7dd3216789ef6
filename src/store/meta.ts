import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** Facts about the whole database. */
export type MetaName =
  | "mirrored_through"
  | "indexed_through"
  | "message_drops"
  | "salt"
  | "reset_rules"
  | "outbox_settled"
  | "pairing_tries"
  | "lifecycle_rules"
  | "memory_index"
  /** The home channel chosen for a platform. */
  | `home:${string}`
  /** Until when nothing is learned of a scope. */
  | `forgotten:${string}`
  /** What waits in a session key and is held there. */
  | `held:${string}`;

const one = statement<{ name: string }>()((db, p) => db.selectFrom("meta").select("value").where("name", "=", p.name));
/** A fact's value, or null when it was never set. */
export function selectMeta(db: Reader, name: MetaName): string | null {
  return db.get(one, { name })?.value ?? null;
}

const put = statement<{ name: string; value: string }>()((db, p) =>
  db
    .insertInto("meta")
    .values({ name: p.name, value: p.value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: p.value })),
);
/** Sets a fact. */
export function putMeta(db: Pick<Connection, "run">, name: MetaName, value: string): void {
  db.run(put, { name, value });
}

const removal = statement<{ name: string }>()((db, p) => db.deleteFrom("meta").where("name", "=", p.name));
/** Forgets a fact. */
export function deleteMeta(db: Pick<Connection, "run">, name: MetaName): void {
  db.run(removal, { name });
}

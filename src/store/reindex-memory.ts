import { sql } from "kysely";
import { reindexPlacement } from "./change-placement.ts";
import { placementOf } from "./memory-placement.ts";
import { placements } from "./memory-placements.ts";
import { putMeta, selectMeta } from "./meta.ts";
import { statement } from "./statement.ts";
import type { SessionStore } from "./store.ts";

/** Rises when what stands in the index of memory changes. */
const INDEX_VERSION = "2";
/** Placements in one transaction. */
const BATCH = 500;

const ofPeople = statement<{ after: number; limit: number }>()((db, p) =>
  placements(db)
    .where("memory_placements.id", ">", p.after)
    .where("state", "=", "active")
    .where(sql<boolean>`scope LIKE 'user:%'`)
    .orderBy("memory_placements.id")
    .limit(p.limit),
);

/** Indexes once more what people said, at the first start of a version that looks for it by chat; nothing at any other. */
export async function reindexMemory(store: Pick<SessionStore, "reader" | "write">): Promise<void> {
  if (selectMeta(store.reader, "memory_index") === INDEX_VERSION) return;
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after;
    after = await store.write((tx) => {
      const page = tx.all(ofPeople, { after: from, limit: BATCH }).map(placementOf);
      for (const placement of page) reindexPlacement(tx, placement);
      if (page.length < BATCH) putMeta(tx, "memory_index", INDEX_VERSION);
      return page.length < BATCH ? null : (page.at(-1)?.id ?? null);
    });
  }
}

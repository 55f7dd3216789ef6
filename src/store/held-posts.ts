import type { Connection } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** What operators read of a post that a restored backup held. */
const HELD =
  "held: it waited when the backup was made, and may have been posted since. Retry it if the chat does not show it.";

const hold = statement<{ error: string }>()((db, p) =>
  db.updateTable("outbox").set({ state: "dead", error: p.error }).where("state", "=", "pending"),
);
/** Makes every post that waits one that an operator lets go; returns how many. Only `parley restore` does this. */
export function holdPending(db: Pick<Connection, "run">): number {
  return db.run(hold, { error: HELD }).changes;
}

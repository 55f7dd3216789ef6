import { countInbox } from "./inbox.ts";
import { countOutbox } from "./outbox.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** Counts of what is stored. */
export interface StoreStats {
  readonly sessions: readonly { readonly platform: string; readonly live: boolean; readonly count: number }[];
  readonly messages: number;
  readonly inbox: { readonly waiting: number; readonly running: number; readonly dead: number };
  readonly outbox: { readonly pending: number; readonly dead: number };
}

const sessions = statement<object>()((db) =>
  db
    .selectFrom("sessions")
    .select((eb) => ["platform", "live", eb.fn.countAll<number>().as("count")])
    .groupBy(["live", "platform"]),
);
const deleted = statement<object>()((db) =>
  db
    .selectFrom("sessions")
    .select((eb) => ["platform", eb.fn.countAll<number>().as("count")])
    .where("end_reason", "=", "delete")
    .groupBy("platform"),
);
const messages = statement<object>()((db) =>
  db.selectFrom("messages").select((eb) => eb.fn.countAll<number>().as("count")),
);

/** Counts everything, from SQL: reads whole indexes, so it is for people who ask, not for every turn. */
export function storeStats(db: Reader): StoreStats {
  const erased = new Map(db.all(deleted, {}).map((row) => [row.platform, row.count]));
  const counted = db.all(sessions, {}).map(({ platform, live, count }) => {
    // Deleted sessions leave an empty row: counted apart, by its own small index.
    return { platform, live: live === 1, count: live === 1 ? count : count - (erased.get(platform) ?? 0) };
  });
  return {
    sessions: counted.filter(({ count }) => count > 0),
    messages: db.get(messages, {})?.count ?? 0,
    inbox: countInbox(db),
    outbox: countOutbox(db),
  };
}

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
const messages = statement<object>()((db) =>
  db.selectFrom("messages").select((eb) => eb.fn.countAll<number>().as("count")),
);

/** Counts everything, from SQL: reads whole indexes, so it is for people who ask, not for every turn. */
export function storeStats(db: Reader): StoreStats {
  return {
    sessions: db.all(sessions, {}).map((row) => ({ platform: row.platform, live: row.live === 1, count: row.count })),
    messages: db.get(messages, {})?.count ?? 0,
    inbox: countInbox(db),
    outbox: countOutbox(db),
  };
}

import { type Lane, type OutboxRow, selectGreatestOutboxId } from "./outbox.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const one = statement<{ id: number }>()((db, p) => db.selectFrom("outbox").selectAll().where("id", "=", p.id));
/** One post, or null. */
export function selectPost(db: Reader, id: number): OutboxRow | null {
  return db.get(one, { id });
}

/** How many posts of all conversations are looked through, the newest: a page that loads must not hold up a busy daemon. */
const MAX_LOOKED_THROUGH = 5_000;

const latest = statement<Lane & { after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("outbox")
    .selectAll()
    .where("id", ">", p.after)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_id", "=", p.chatId)
    .where("thread_id", "is", p.threadId)
    .orderBy("id", "desc")
    .limit(p.limit),
);
/** A conversation's newest posts, oldest first, as far as they are among the newest of all. */
export function selectLatestPosts(db: Reader, lane: Lane, limit: number): OutboxRow[] {
  const after = selectGreatestOutboxId(db) - MAX_LOOKED_THROUGH;
  const { platform, account, chatId, threadId } = lane;
  return db.all(latest, { platform, account, chatId, threadId, after, limit }).reverse();
}

const used = statement<Lane & { id: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set({ buttons: null })
    .where("id", "=", p.id)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_id", "=", p.chatId)
    .where("thread_id", "is", p.threadId)
    .where("buttons", "is not", null),
);
/** Takes the buttons off a post of this conversation; false when it has none. */
export function removeButtons(db: Pick<Connection, "run">, lane: Lane, id: number): boolean {
  const { platform, account, chatId, threadId } = lane;
  return db.run(used, { platform, account, chatId, threadId, id }).changes === 1;
}

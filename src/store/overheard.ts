import type { ChatType } from "../session/source.ts";
import type { Lane } from "./outbox.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** Most lines kept of a place since the bot's last turn there. */
export const MAX_OVERHEARD = 50;

/** A line that was said near the bot, without being meant for it. */
export interface OverheardLine {
  readonly senderName: string | null;
  readonly text: string;
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
}

interface NewOverheard extends Lane {
  chatType: ChatType;
  messageId: string;
  senderName: string | null;
  text: string;
  atMs: number;
}
const insertion = statement<NewOverheard>()((db, p) =>
  db
    .insertInto("overheard")
    .values({
      platform: p.platform,
      account: p.account,
      chat_type: p.chatType,
      chat_id: p.chatId,
      thread_id: p.threadId,
      message_id: p.messageId,
      sender_name: p.senderName,
      text: p.text,
      at_ms: p.atMs,
    })
    .onConflict((conflict) => conflict.columns(["chat_id", "message_id", "platform", "account"]).doNothing()),
);
const surplus = statement<Lane>()((db, p) =>
  db
    .selectFrom("overheard")
    .select("id")
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_id", "=", p.chatId)
    .where("thread_id", "is", p.threadId)
    .where("told", "=", 0)
    .orderBy("id", "desc")
    .limit(1)
    .offset(MAX_OVERHEARD),
);
const removal = statement<{ id: number }>()((db, p) => db.deleteFrom("overheard").where("id", "=", p.id));
/** Keeps a line, in place of the oldest one when there are too many; a redelivered one is kept once. */
export function insertOverheard(db: Run & Reader, line: NewOverheard): void {
  if (db.run(insertion, line).changes === 0) return;
  const oldest = db.get(surplus, line);
  if (oldest !== null) db.run(removal, oldest);
}

const correction = statement<{ platform: string; account: string; chatId: string; messageId: string; text: string }>()(
  (db, p) =>
    db
      .updateTable("overheard")
      .set({ text: p.text })
      .where("chat_id", "=", p.chatId)
      .where("message_id", "=", p.messageId)
      .where("platform", "=", p.platform)
      .where("account", "=", p.account)
      .where("told", "=", 0),
);
/** Its writer changed a line that nobody has read yet. */
export function updateOverheard(
  db: Run,
  change: { platform: string; account: string; chatId: string; messageId: string; text: string },
): void {
  db.run(correction, change);
}

const untold = statement<Lane & { since: number }>()((db, p) =>
  db
    .selectFrom("overheard")
    .select(["id", "sender_name as senderName", "text", "at_ms as atMs"])
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_id", "=", p.chatId)
    .where("thread_id", "is", p.threadId)
    .where("told", "=", 0)
    .where("at_ms", ">", p.since)
    .orderBy("id"),
);
const telling = statement<{ id: number }>()((db, p) =>
  db.updateTable("overheard").set({ told: 1 }).where("id", "=", p.id),
);
/** Takes what was said in a place since the bot's last turn there, and after `sinceMs`, oldest first; each line is given once. */
export function takeOverheard(db: Run & Reader, place: Lane, sinceMs: number): OverheardLine[] {
  const lines = db.all(untold, { ...place, since: sinceMs });
  for (const { id } of lines) db.run(telling, { id });
  return lines.map(({ senderName, text, atMs }) => ({ senderName, text, atMs }));
}

const oldest = statement<{ limit: number }>()((db, p) =>
  db.selectFrom("overheard").select(["id", "at_ms"]).orderBy("id").limit(p.limit),
);
/** Forgets lines older than `beforeMs`, at most `limit` of the oldest; returns how many. */
export function pruneOverheard(db: Run & Reader, beforeMs: number, limit: number): number {
  const old = db.all(oldest, { limit }).filter(({ at_ms }) => at_ms < beforeMs);
  for (const { id } of old) db.run(removal, { id });
  return old.length;
}

import type { Selectable } from "kysely";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { OutboxTable } from "./tables.ts";

type Run = Pick<Connection, "run">;

/** An outbox row as it is stored. */
export type OutboxRow = Selectable<OutboxTable>;

/** Where posts leave in order: one lane a conversation. */
export interface Lane {
  platform: string;
  account: string;
  chatId: string;
  threadId: string | null;
}

/** A post as it is inserted. */
export interface NewOutbox extends Lane {
  inboxId: number | null;
  session: number | null;
  kind: OutboxRow["kind"];
  text: string;
  replyTo: string | null;
  /** `sent` where storing it is delivering it. */
  state: "pending" | "sent";
  nowMs: number;
  sentAtMs: number | null;
  /** An `Attachment` as JSON. */
  file: string | null;
  /** `Button`s as JSON. */
  buttons: string | null;
  /** A `PrivateTo` as JSON. */
  privateTo: string | null;
  /** 1 for the beginning of an answer under way. */
  grows: number;
}
const insertion = statement<NewOutbox>()((db, p) =>
  db.insertInto("outbox").values({
    inbox_id: p.inboxId,
    session: p.session,
    platform: p.platform,
    account: p.account,
    chat_id: p.chatId,
    thread_id: p.threadId,
    kind: p.kind,
    text: p.text,
    reply_to: p.replyTo,
    state: p.state,
    next_attempt_at_ms: p.nowMs,
    created_at_ms: p.nowMs,
    sent_at_ms: p.sentAtMs,
    file: p.file,
    buttons: p.buttons,
    private_to: p.privateTo,
    grows: p.grows,
  }),
);
/** Adds a post and returns its number. */
export function insertOutbox(db: Run, post: NewOutbox): number {
  return db.run(insertion, post).lastId;
}

const head = statement<Lane>()((db, p) =>
  db
    .selectFrom("outbox")
    .selectAll()
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_id", "=", p.chatId)
    .where("thread_id", "is", p.threadId)
    .where("state", "=", "pending")
    .orderBy("id")
    .limit(1),
);
/** The next post of a lane, or null. */
export function selectLaneHead(db: Reader, lane: Lane): OutboxRow | null {
  return db.get(head, lane);
}

const lanes = statement<object>()((db) =>
  db
    .selectFrom("outbox")
    .select(["platform", "account", "chat_id as chatId", "thread_id as threadId"])
    .distinct()
    .where("state", "=", "pending"),
);
/** Every lane in which a post waits. */
export function selectPendingLanes(db: Reader): Lane[] {
  return db.all(lanes, {});
}

const sent = statement<{ id: number; postId: string; nowMs: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({ state: "sent", attempts: eb("attempts", "+", 1), post_id: p.postId, sent_at_ms: p.nowMs }))
    .where("id", "=", p.id)
    .where("state", "=", "pending"),
);
/** The platform took the post. */
export function markSent(db: Run, id: number, postId: string, nowMs: number): void {
  db.run(sent, { id, postId, nowMs });
}

const retry = statement<{ id: number; nextAttemptAtMs: number; error: string }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({ attempts: eb("attempts", "+", 1), next_attempt_at_ms: p.nextAttemptAtMs, error: p.error }))
    .where("id", "=", p.id)
    .where("state", "=", "pending"),
);
const doubt = statement<{ id: number }>()((db, p) =>
  db.updateTable("outbox").set({ maybe_sent: 1 }).where("id", "=", p.id),
);
/** The post failed for now; `mayHaveArrived` unless it is certain that it did not. */
export function markRetry(
  db: Run,
  failed: { id: number; nextAttemptAtMs: number; error: string; mayHaveArrived: boolean },
): void {
  db.run(retry, failed);
  if (failed.mayHaveArrived) db.run(doubt, failed);
}

const resent = statement<{ id: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({ resends: eb("resends", "+", 1) }))
    .where("id", "=", p.id),
);
/** The post is about to be sent again although it may have arrived. */
export function markResent(db: Run, id: number): void {
  db.run(resent, { id });
}

const notResent = statement<{ id: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({ resends: eb("resends", "-", 1) }))
    .where("id", "=", p.id),
);
/** The platform was not reached, or said no: what `markResent` noted did not happen. */
export function unmarkResent(db: Run, id: number): void {
  db.run(notResent, { id });
}

const doubtful = statement<{ nowMs: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set({ maybe_sent: 1 })
    .where("id", "in", (eb) =>
      eb
        .selectFrom("outbox")
        .select((min) => min.fn.min("id").as("id"))
        .where("state", "=", "pending")
        .groupBy(["platform", "account", "chat_id", "thread_id"]),
    )
    .where("next_attempt_at_ms", "<=", p.nowMs),
);
/** After a crash: of each lane the first post may have been on its way. The others were not, and one that waits for its next attempt is known. */
export function markHeadsDoubtful(db: Run, nowMs: number): void {
  db.run(doubtful, { nowMs });
}

const dead = statement<{ id: number; error: string }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({ state: "dead", attempts: eb("attempts", "+", 1), error: p.error }))
    .where("id", "=", p.id)
    .where("state", "=", "pending"),
);
/** The post failed for good; its lane goes on. */
export function markDead(db: Run, id: number, error: string): void {
  db.run(dead, { id, error });
}

const since = statement<{ platform: string; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom("outbox")
    .selectAll()
    .where("id", ">", p.after)
    .where("platform", "=", p.platform)
    .orderBy("id")
    .limit(p.limit),
);
/** A platform's posts after a number, oldest first: what a page that reconnects has missed. */
export function selectOutboxAfter(db: Reader, platform: string, after: number, limit: number): OutboxRow[] {
  return db.all(since, { platform, after, limit });
}

const answered = statement<{ id: number }>()((db, p) =>
  db.selectFrom("outbox").select("inbox_id").where("id", "=", p.id),
);
/** The inbox row a post answers: of a turn with several, the last; null when it answers none, or is gone. */
export function selectAnsweredInbox(db: Reader, id: number): number | null {
  return db.get(answered, { id })?.inbox_id ?? null;
}

const ofInbox = statement<{ from: number; to: number; inboxId: number }>()((db, p) =>
  db
    .selectFrom("outbox")
    .selectAll()
    .where("id", ">=", p.from)
    .where("id", "<", p.to)
    .where("inbox_id", "=", p.inboxId)
    .orderBy("id"),
);
/** Most posts one turn makes; they have neighbouring numbers, being written by one transaction. */
const MAX_POSTS_A_TURN = 1_000;
/** The posts that answered an inbox row, given the first of them. */
export function selectOutboxOfInbox(db: Reader, inboxId: number, firstOutboxId: number): OutboxRow[] {
  return db.all(ofInbox, { from: firstOutboxId, to: firstOutboxId + MAX_POSTS_A_TURN, inboxId });
}

const deadPage = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("outbox")
    .selectAll()
    .where("state", "=", "dead")
    .where("id", "<", p.before)
    .orderBy("id", "desc")
    .limit(p.limit),
);
/** Posts that were given up, newest first. */
export function selectDeadOutbox(db: Reader, before: number, limit: number): OutboxRow[] {
  return db.all(deadPage, { before, limit });
}

const revival = statement<{ id: number; nowMs: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set({
      state: "pending",
      attempts: 0,
      next_attempt_at_ms: p.nowMs,
      created_at_ms: p.nowMs,
      maybe_sent: 0,
      resends: 0,
      // The answer it was the beginning of has been posted without it.
      grows: 0,
    })
    .where("id", "=", p.id)
    .where("state", "=", "dead"),
);
/** Tries a dead post again from the start; false when it is not dead. */
export function reviveOutbox(db: Run, id: number, nowMs: number): boolean {
  return db.run(revival, { id, nowMs }).changes === 1;
}

// Posts that were given up stay for good: passed over by SQL, they don't stand in the way of what is behind them.
const oldest = statement<{ limit: number }>()((db, p) =>
  db.selectFrom("outbox").select(["id", "created_at_ms"]).where("state", "=", "sent").orderBy("id").limit(p.limit),
);
/** The sent posts that were made first. */
export function selectOldestOutbox(db: Reader, limit: number): { id: number; created_at_ms: number }[] {
  return db.all(oldest, { limit });
}

const greatest = statement<object>()((db) => db.selectFrom("outbox").select("id").orderBy("id", "desc").limit(1));
/** The greatest number in use; 0 when there are no posts. */
export function selectGreatestOutboxId(db: Reader): number {
  return db.get(greatest, {})?.id ?? 0;
}

const removal = statement<{ id: number }>()((db, p) =>
  db.deleteFrom("outbox").where("id", "=", p.id).where("state", "=", "sent"),
);
/** Forgets a sent post. */
export function deleteOutbox(db: Run, id: number): void {
  db.run(removal, { id });
}

const deadRows = statement<object>()((db) =>
  db
    .selectFrom("outbox")
    .select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("state", "=", "dead"),
);
const pendingRows = statement<object>()((db) =>
  db
    .selectFrom("outbox")
    .select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("state", "=", "pending"),
);
/** How many posts wait, and how many were given up. */
export function countOutbox(db: Reader): { pending: number; dead: number } {
  return { pending: Number(db.get(pendingRows, {})?.rows ?? 0), dead: Number(db.get(deadRows, {})?.rows ?? 0) };
}

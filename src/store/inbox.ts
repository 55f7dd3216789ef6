import type { Selectable } from "kysely";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { InboxTable } from "./tables.ts";

type Run = Pick<Connection, "run">;

/** An inbox row as it is stored. */
export type InboxRow = Selectable<InboxTable>;

/** What wants a turn, as it is inserted. */
export interface NewInbox {
  platform: string;
  account: string;
  chatId: string;
  messageId: string;
  key: string;
  agent: string;
  /** The `InboundMessage` as JSON. */
  payload: string;
  receivedAtMs: number;
  /** 1 or 0. */
  mayReset: number;
  /** Where its turn begins at once: the session, and the line the message gets there. Null: it waits. */
  begins: { readonly session: number; readonly userSeq: number } | null;
}
const insertion = statement<
  Omit<NewInbox, "begins"> & {
    state: InboxRow["state"];
    attempts: number;
    session: number | null;
    userSeq: number | null;
  }
>()((db, p) =>
  db
    .insertInto("inbox")
    .values({
      platform: p.platform,
      account: p.account,
      chat_id: p.chatId,
      message_id: p.messageId,
      session_key: p.key,
      agent: p.agent,
      payload: p.payload,
      state: p.state,
      attempts: p.attempts,
      received_at_ms: p.receivedAtMs,
      may_reset: p.mayReset,
      session: p.session,
      user_seq: p.userSeq,
    })
    .onConflict((conflict) => conflict.columns(["chat_id", "message_id", "platform", "account"]).doNothing()),
);
/** Adds a row, claimed already where its turn begins at once, and returns its number; null when the platform's message is known already. */
export function insertInbox(db: Run, row: NewInbox): number | null {
  const { changes, lastId } = db.run(insertion, {
    ...row,
    state: row.begins === null ? "waiting" : "running",
    attempts: row.begins === null ? 0 : 1,
    session: row.begins?.session ?? null,
    userSeq: row.begins?.userSeq ?? null,
  });
  return changes === 1 ? lastId : null;
}

/** A row as it stands right after its insertion: nobody need read it back. */
export function insertedInbox(id: number, row: NewInbox): InboxRow {
  return {
    id,
    platform: row.platform,
    account: row.account,
    chat_id: row.chatId,
    message_id: row.messageId,
    session_key: row.key,
    agent: row.agent,
    payload: row.payload,
    state: row.begins === null ? "waiting" : "running",
    attempts: row.begins === null ? 0 : 1,
    received_at_ms: row.receivedAtMs,
    may_reset: row.mayReset,
    session: row.begins?.session ?? null,
    user_seq: row.begins?.userSeq ?? null,
    first_outbox_id: null,
    finished_at_ms: null,
    error: null,
  };
}

const known = statement<{ platform: string; account: string; chatId: string; messageId: string }>()((db, p) =>
  db
    .selectFrom("inbox")
    .selectAll()
    .where("chat_id", "=", p.chatId)
    .where("message_id", "=", p.messageId)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account),
);
/** The row of a platform's message, or null. */
export function selectInboxOfMessage(
  db: Reader,
  message: { platform: string; account: string; chatId: string; messageId: string },
): InboxRow | null {
  return db.get(known, message);
}

const byId = statement<{ id: number }>()((db, p) => db.selectFrom("inbox").selectAll().where("id", "=", p.id));
/** One row, or null. */
export function selectInbox(db: Reader, id: number): InboxRow | null {
  return db.get(byId, { id });
}

const claim = statement<{ id: number; session: number | null; userSeq: number | null }>()((db, p) =>
  db
    .updateTable("inbox")
    .set((eb) => ({ state: "running", attempts: eb("attempts", "+", 1), session: p.session, user_seq: p.userSeq }))
    .where("id", "=", p.id)
    .where("state", "in", ["waiting", "running"]),
);
const waitingOf = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("inbox")
    .select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("session_key", "=", p.key)
    .where("state", "in", ["waiting", "running"]) // what the index holds
    .where("state", "=", "waiting"),
);
/** How many messages of a key wait for their turn, those of the open transaction among them. */
export function countWaiting(db: Reader, key: string): number {
  return db.get(waitingOf, { key })?.rows ?? 0;
}

/** The turn of a row begins (again): counts the attempt and keeps where it belongs. False when the row is finished. */
export function claimInbox(db: Run, id: number, session: number | null, userSeq: number | null): boolean {
  return db.run(claim, { id, session, userSeq }).changes === 1;
}

const correction = statement<{ id: number; payload: string }>()((db, p) =>
  db.updateTable("inbox").set({ payload: p.payload }).where("id", "=", p.id).where("state", "=", "waiting"),
);
/** Its sender changed the message while it waits; false when its turn has begun. */
export function updateWaitingPayload(db: Run, id: number, payload: string): boolean {
  return db.run(correction, { id, payload }).changes === 1;
}

const showing = statement<{ id: number; outboxId: number }>()((db, p) =>
  db.updateTable("inbox").set({ first_outbox_id: p.outboxId }).where("id", "=", p.id).where("state", "=", "running"),
);
/** The answer to a running row has begun to be shown in this post. */
export function updateFirstOutbox(db: Run, id: number, outboxId: number): void {
  db.run(showing, { id, outboxId });
}

const release = statement<{ id: number }>()((db, p) =>
  db
    .updateTable("inbox")
    .set((eb) => ({ state: "waiting", attempts: eb("attempts", "-", 1) }))
    .where("id", "=", p.id)
    .where("state", "=", "running"),
);
/** Gives a claimed row back, as if the attempt had not been made: a shutdown is nobody's failure. */
export function releaseInbox(db: Run, id: number): void {
  db.run(release, { id });
}

/** How a row ended. */
export interface FinishedInbox {
  id: number;
  state: "done" | "dead";
  firstOutboxId: number | null;
  finishedAtMs: number;
  error: string | null;
}
const finish = statement<FinishedInbox>()((db, p) =>
  db
    .updateTable("inbox")
    .set({
      state: p.state,
      payload: null,
      first_outbox_id: p.firstOutboxId,
      finished_at_ms: p.finishedAtMs,
      error: p.error,
    })
    .where("id", "=", p.id)
    .where("state", "in", ["waiting", "running"]),
);
const bury = statement<FinishedInbox>()((db, p) =>
  db
    .updateTable("inbox")
    .set({ state: p.state, first_outbox_id: p.firstOutboxId, finished_at_ms: p.finishedAtMs, error: p.error })
    .where("id", "=", p.id)
    .where("state", "in", ["waiting", "running"]),
);
/** Ends a row; a dead one keeps its payload for whoever looks into it. False when it had ended already. */
export function finishInbox(db: Run, finished: FinishedInbox): boolean {
  return db.run(finished.state === "dead" ? bury : finish, finished).changes === 1;
}

// Rows that were given up stay for good: passed over by SQL, they don't stand in the way of what is behind them.
const oldest = statement<{ limit: number }>()((db, p) =>
  db.selectFrom("inbox").select(["id", "received_at_ms"]).where("state", "=", "done").orderBy("id").limit(p.limit),
);
/** The finished rows that arrived first. */
export function selectOldestInbox(db: Reader, limit: number): { id: number; received_at_ms: number }[] {
  return db.all(oldest, { limit });
}

const removal = statement<{ id: number }>()((db, p) =>
  db.deleteFrom("inbox").where("id", "=", p.id).where("state", "=", "done"),
);
/** Forgets a finished row. */
export function deleteInbox(db: Run, id: number): void {
  db.run(removal, { id });
}

const dead = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("inbox")
    .selectAll()
    .where("state", "=", "dead")
    .where("id", "<", p.before)
    .orderBy("id", "desc")
    .limit(p.limit),
);
/** Rows that were given up, newest first. */
export function selectDeadInbox(db: Reader, before: number, limit: number): InboxRow[] {
  return db.all(dead, { before, limit });
}

const counts = statement<object>()((db) =>
  db
    .selectFrom("inbox")
    .select((eb) => ["state", eb.fn.countAll<number>().as("rows")])
    .where("state", "in", ["waiting", "running"])
    .groupBy("state"),
);
const deadCount = statement<object>()((db) =>
  db
    .selectFrom("inbox")
    .select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("state", "=", "dead"),
);
/** How many rows wait, run, and were given up. */
export function countInbox(db: Reader): { waiting: number; running: number; dead: number } {
  const rows = db.all(counts, {});
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.rows ?? 0);
  return { waiting: of("waiting"), running: of("running"), dead: Number(db.get(deadCount, {})?.rows ?? 0) };
}

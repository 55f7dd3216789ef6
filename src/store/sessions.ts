import type { SessionRow, StandingRow } from "./session.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

const liveSession = statement<{ key: string }>()((db, p) =>
  db.selectFrom("sessions").selectAll().where("session_key", "=", p.key).where("live", "=", 1),
);
/** The live session of a key, or null. */
export function selectLiveSession(db: Reader, key: string): SessionRow | null {
  return db.get(liveSession, { key });
}

const standing = statement<{ key: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .select([
      "id",
      "session_id",
      "agent",
      "platform",
      "chat_type",
      "source",
      "created_at_ms",
      "last_active_ms",
      "next_reset_at_ms",
      "message_count",
      "answered_by",
      "model",
    ])
    .where("session_key", "=", p.key)
    .where("live", "=", 1),
);
/** The live session of a key as a message needs it that continues it, or null. */
export function selectStanding(db: Reader, key: string): StandingRow | null {
  return db.get(standing, { key });
}

const sessionById = statement<{ sessionId: string }>()((db, p) =>
  db.selectFrom("sessions").selectAll().where("session_id", "=", p.sessionId),
);
/** The session with this public id, or null. */
export function selectSession(db: Reader, sessionId: string): SessionRow | null {
  return db.get(sessionById, { sessionId });
}

const place = statement<{ row: number }>()((db, p) =>
  db.selectFrom("sessions").select(["message_count", "end_reason"]).where("id", "=", p.row),
);
const nextPlace = statement<{ row: number; seq: number; before: number }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({ message_count: p.seq })
    .where("id", "=", p.row)
    .where("message_count", "=", p.before)
    .where("end_reason", "is", null),
);
/**
 * Makes room for one more line and returns its `seq`; null when the session was deleted, and takes no more. `expected` is what it will be if nothing
 * was added meanwhile: then one statement does it. (UPDATE … RETURNING would too, and takes 18 microseconds: SQLite makes a table for it.)
 */
export function takeNextSeq(db: Run & Reader, row: number, expected: number): number | null {
  if (db.run(nextPlace, { row, seq: expected, before: expected - 1 }).changes === 1) return expected;
  const found = db.get(place, { row });
  if (found === null || found.end_reason === "delete") return null;
  updateMessageCount(db, row, found.message_count + 1);
  return found.message_count + 1;
}

const sessionByRow = statement<{ row: number }>()((db, p) =>
  db.selectFrom("sessions").selectAll().where("id", "=", p.row),
);
/** The session with this row number, or null. */
export function selectSessionRow(db: Reader, row: number): SessionRow | null {
  return db.get(sessionByRow, { row });
}

const anySession = statement<object>()((db) => db.selectFrom("sessions").select("id").limit(1));
/** Whether there was ever a session, ended ones included. */
export function selectAnySession(db: Reader): boolean {
  return db.get(anySession, {}) !== null;
}

const anyOfKey = statement<{ key: string }>()((db, p) =>
  db.selectFrom("sessions").select("id").where("session_key", "=", p.key).limit(1),
);
/** Whether this conversation ever had a session, live or ended. */
export function hasSessionOfKey(db: Reader, key: string): boolean {
  return db.get(anyOfKey, { key }) !== null;
}

const previous = statement<{ key: string; limit: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("session_key", "=", p.key)
    .where("live", "=", 0)
    .where("message_count", ">", 0)
    .where("end_reason", "!=", "delete")
    .orderBy("last_active_ms", "desc")
    .orderBy("id", "desc")
    .limit(p.limit),
);
/** The ended sessions of a key that have messages, the last active first (imported ones are in no order): what `/resume` offers. */
export function selectResumable(db: Reader, key: string, limit: number): SessionRow[] {
  return db.all(previous, { key, limit });
}

/** What a new session starts with. */
export interface NewSession {
  sessionId: string;
  key: string;
  agent: string;
  platform: string;
  account: string;
  chatType: string;
  chatId: string;
  threadId: string | null;
  participant: string | null;
  source: string;
  nowMs: number;
  nextResetAtMs: number | null;
  openingNote: string | null;
}
const insertion = statement<NewSession>()((db, p) =>
  db.insertInto("sessions").values({
    session_id: p.sessionId,
    session_key: p.key,
    agent: p.agent,
    platform: p.platform,
    account: p.account,
    chat_type: p.chatType,
    chat_id: p.chatId,
    thread_id: p.threadId,
    participant: p.participant,
    source: p.source,
    live: 1,
    created_at_ms: p.nowMs,
    last_active_ms: p.nowMs,
    next_reset_at_ms: p.nextResetAtMs,
    opening_note: p.openingNote,
  }),
);
/** Adds a live session and returns its row number; the unique index refuses a second live one of the key. */
export function insertSession(db: Run, session: NewSession): number {
  return db.run(insertion, session).lastId;
}

const activity = statement<{ row: number; atMs: number; count: number }>()((db, p) =>
  db.updateTable("sessions").set({ last_active_ms: p.atMs, message_count: p.count }).where("id", "=", p.row),
);
const activityAndReset = statement<{ row: number; atMs: number; nextResetAtMs: number | null; count: number }>()(
  (db, p) =>
    db
      .updateTable("sessions")
      .set({ last_active_ms: p.atMs, next_reset_at_ms: p.nextResetAtMs, message_count: p.count })
      .where("id", "=", p.row),
);
/** A person wrote: when, when the session is due now (and was before, where that is known), and how many messages it has. */
export function updateActivity(
  db: Run,
  change: { row: number; atMs: number; nextResetAtMs: number | null; count: number },
  wasDueAtMs?: number | null,
): void {
  // Most messages leave it at the next daily boundary: its index, a page of a million sessions away, is then left alone.
  if (change.nextResetAtMs === wasDueAtMs) db.run(activity, change);
  else db.run(activityAndReset, change);
}

const sourceRefresh = statement<{ row: number; source: string }>()((db, p) =>
  db.updateTable("sessions").set({ source: p.source }).where("id", "=", p.row),
);
/** Keeps the newest names and topic. */
export function updateSource(db: Run, row: number, source: string): void {
  db.run(sourceRefresh, { row, source });
}

const count = statement<{ row: number; count: number }>()((db, p) =>
  db.updateTable("sessions").set({ message_count: p.count }).where("id", "=", p.row),
);
/** The greatest `seq` is now `messageCount`. */
export function updateMessageCount(db: Run, row: number, messageCount: number): void {
  db.run(count, { row, count: messageCount });
}

const choices = statement<{ row: number; answeredBy: string | null; model: string | null; queueMode: string | null }>()(
  (db, p) =>
    db
      .updateTable("sessions")
      .set({ answered_by: p.answeredBy, model: p.model, queue_mode: p.queueMode })
      .where("id", "=", p.row),
);
/** Keeps what people chose for a session: who answers, with which model, and what waiting messages do. */
export function updateChoices(
  db: Run,
  chosen: { row: number; answeredBy: string | null; model: string | null; queueMode: string | null },
): void {
  db.run(choices, chosen);
}

const title = statement<{ row: number; title: string | null }>()((db, p) =>
  db.updateTable("sessions").set({ title: p.title }).where("id", "=", p.row),
);
/** Sets or clears a session's title. */
export function updateTitle(db: Run, row: number, newTitle: string | null): void {
  db.run(title, { row, title: newTitle });
}

const missingTitle = statement<{ row: number; title: string }>()((db, p) =>
  db
    .updateTable("sessions")
    .set({ title: p.title })
    .where("id", "=", p.row)
    .where("title", "is", null)
    .where((eb) => eb.or([eb("live", "=", 1), eb("end_reason", "!=", "delete")])),
);
/** Gives a session the title nobody has given it; false when somebody has, or it is deleted. */
export function updateMissingTitle(db: Run, row: number, newTitle: string): boolean {
  return db.run(missingTitle, { row, title: newTitle }).changes === 1;
}

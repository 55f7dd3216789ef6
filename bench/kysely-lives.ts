import { randomBytes } from "node:crypto";
import { Kysely, SqliteDialect, sql, type Transaction } from "kysely";
import { nextResetAt } from "../src/session/reset-reason.ts";
import { newSessionId } from "../src/session/session-id.ts";
import { storedSource } from "../src/store/session.ts";
import type { Tables } from "../src/store/tables.ts";
import { openBareDatabase } from "./bare-lives.ts";
import { inboundOf, keyOf, PLATFORM, rules, sourceOf } from "./conversation.ts";
import type { ChatMessage, MessageLives } from "./gateway-lives.ts";

type Tx = Transaction<Tables>;

/** The same rows as one writes them with kysely at first: each step of a message a transaction, each statement built and awaited. */
export function openKyselyLives(dataDir: string): MessageLives {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openBareDatabase(dataDir) }) });
  return {
    async live(messages) {
      await Promise.all(messages.map((lane) => liveLane(db, lane)));
    },
    async settle() {},
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

async function liveLane(db: Kysely<Tables>, messages: readonly ChatMessage[]): Promise<void> {
  for (const message of messages) {
    const inbox = await db.transaction().execute((tx) => begin(tx, message));
    const outbox = await db.transaction().execute((tx) => finish(tx, message, inbox));
    await db.transaction().execute((tx) => markSent(tx, outbox));
  }
}

async function begin(tx: Tx, { chat, messageId, text }: ChatMessage): Promise<number> {
  const nowMs = Date.now();
  const { insertId } = await tx
    .insertInto("inbox")
    .values({
      platform: PLATFORM,
      account: "default",
      chat_id: `chat${chat}`,
      message_id: messageId,
      session_key: keyOf(chat),
      agent: "main",
      payload: JSON.stringify(inboundOf(chat, messageId, text)),
      state: "waiting",
      received_at_ms: nowMs,
      may_reset: 1,
    })
    .executeTakeFirstOrThrow();
  const session = await liveSession(tx, chat, nowMs);
  const seq = session.message_count + 1;
  await appendLine(tx, session.id, seq, { role: "user", text, nowMs, messageId, chat });
  await tx
    .updateTable("sessions")
    .set({ last_active_ms: nowMs, next_reset_at_ms: nextResetAt(rules.resets.default, nowMs), message_count: seq })
    .where("id", "=", session.id)
    .execute();
  await tx
    .updateTable("inbox")
    .set((eb) => ({ state: "running", attempts: eb("attempts", "+", 1), session: session.id, user_seq: seq }))
    .where("id", "=", Number(insertId))
    .execute();
  return Number(insertId);
}

async function finish(tx: Tx, { chat, messageId, text }: ChatMessage, inbox: number): Promise<number> {
  const nowMs = Date.now();
  const session = await liveSession(tx, chat, nowMs);
  const seq = session.message_count + 1;
  await appendLine(tx, session.id, seq, { role: "assistant", text, nowMs, messageId: null, chat: null });
  await tx.updateTable("sessions").set({ message_count: seq }).where("id", "=", session.id).execute();
  const { insertId } = await tx
    .insertInto("outbox")
    .values({
      inbox_id: inbox,
      session: session.id,
      platform: PLATFORM,
      account: "default",
      chat_id: `chat${chat}`,
      kind: "reply",
      text,
      reply_to: messageId,
      state: "pending",
      next_attempt_at_ms: nowMs,
      created_at_ms: nowMs,
    })
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("inbox")
    .set({ state: "done", payload: null, first_outbox_id: Number(insertId), finished_at_ms: nowMs })
    .where("id", "=", inbox)
    .execute();
  return Number(insertId);
}

async function markSent(tx: Tx, outbox: number): Promise<void> {
  await tx
    .updateTable("outbox")
    .set((eb) => ({
      state: "sent",
      attempts: eb("attempts", "+", 1),
      post_id: `post${outbox}`,
      sent_at_ms: Date.now(),
    }))
    .where("id", "=", outbox)
    .execute();
}

async function liveSession(tx: Tx, chat: number, nowMs: number): Promise<{ id: number; message_count: number }> {
  const live = await tx
    .selectFrom("sessions")
    .selectAll()
    .where("session_key", "=", keyOf(chat))
    .where("live", "=", 1)
    .executeTakeFirst();
  if (live !== undefined) return live;
  const source = sourceOf(chat);
  const { insertId } = await tx
    .insertInto("sessions")
    .values({
      session_id: newSessionId(nowMs, randomBytes(4).toString("hex")),
      session_key: keyOf(chat),
      agent: "main",
      platform: PLATFORM,
      account: "default",
      chat_type: "dm",
      chat_id: source.chatId,
      participant: source.userId,
      source: storedSource(source),
      live: 1,
      created_at_ms: nowMs,
      last_active_ms: nowMs,
      next_reset_at_ms: nextResetAt(rules.resets.default, nowMs),
    })
    .executeTakeFirstOrThrow();
  return { id: Number(insertId), message_count: 0 };
}

async function appendLine(
  tx: Tx,
  session: number,
  seq: number,
  line: { role: string; text: string; nowMs: number; messageId: string | null; chat: number | null },
): Promise<void> {
  const { insertId } = await tx
    .insertInto("messages")
    .values({
      session,
      seq,
      role: line.role,
      content: line.text,
      at_ms: line.nowMs,
      message_id: line.messageId,
      sender_id: line.chat === null ? null : `user${line.chat}`,
      sender_name: line.chat === null ? null : "Ann",
    })
    .executeTakeFirstOrThrow();
  await sql`INSERT INTO messages_fts (rowid, text, scope) VALUES (${insertId}, ${line.text}, ${`s${session}`})`.execute(
    tx,
  );
}

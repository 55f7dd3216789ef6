import { randomBytes } from "node:crypto";
import { join } from "node:path";
import Database from "better-sqlite3";
import { nextResetAt } from "../src/session/reset-reason.ts";
import { newSessionId } from "../src/session/session-id.ts";
import { storedSource } from "../src/store/session.ts";
import { openConnection } from "../src/store/sqlite.ts";
import { inboundOf, keyOf, PLATFORM, rules, sourceOf } from "./conversation.ts";
import type { ChatMessage, MessageLives } from "./gateway-lives.ts";

/** A message under way: what the next statement needs of the one before. */
interface UnderWay {
  readonly message: ChatMessage;
  readonly session: number;
  readonly inbox: number;
  readonly outbox: number;
}

interface OpenSession {
  readonly row: number;
  messageCount: number;
}

/** Opens a database of the project's schema and pragmas without the project: what the benchmarks compare with. */
export function openBareDatabase(dataDir: string): Database.Database {
  const path = join(dataDir, "parley.db");
  openConnection(path, "write").close();
  const db = new Database(path);
  db.pragma("synchronous = FULL");
  db.pragma("cache_size = -65536");
  db.pragma("temp_store = memory");
  db.pragma("foreign_keys = ON");
  db.pragma("journal_size_limit = 67108864");
  db.pragma("wal_autocheckpoint = 16000");
  return db;
}

/**
 * The least a program can do for the same rows in the same number of transactions: prepared statements in a loop, one after the other.
 * It reads nothing (what it needs it remembers), checks nothing, and keeps no JSONL.
 */
export function openBareLives(dataDir: string): MessageLives {
  const db = openBareDatabase(dataDir);
  const write = statementsOn(db);
  const sessions = new Map<number, OpenSession>();

  const sessionOf = (chat: number, nowMs: number): OpenSession => {
    const known = sessions.get(chat);
    if (known !== undefined) return known;
    const made = { row: insertSession(db, chat, nowMs), messageCount: 0 };
    sessions.set(chat, made);
    return made;
  };
  const begin = (message: ChatMessage): UnderWay => {
    const { chat, messageId, text } = message;
    const nowMs = Date.now();
    const payload = JSON.stringify(inboundOf(chat, messageId, text));
    const inbox = write.inbox.run(
      PLATFORM,
      "default",
      `chat${chat}`,
      messageId,
      keyOf(chat),
      "main",
      payload,
      nowMs,
      1,
    ).lastInsertRowid;
    const session = sessionOf(chat, nowMs);
    session.messageCount += 1;
    const line = write.message.run(
      session.row,
      session.messageCount,
      "user",
      text,
      nowMs,
      messageId,
      `user${chat}`,
      "Ann",
      null,
    );
    write.search.run(line.lastInsertRowid, text, `s${session.row}`);
    write.activity.run(nowMs, nextResetAt(rules.resets.default, nowMs), session.messageCount, session.row);
    write.claim.run(session.row, session.messageCount, inbox);
    return { message, session: session.row, inbox: Number(inbox), outbox: 0 };
  };
  const finish = ({ message, session, inbox }: UnderWay): UnderWay => {
    const { chat, messageId, text } = message;
    const nowMs = Date.now();
    const open = sessionOf(chat, nowMs);
    open.messageCount += 1;
    const line = write.message.run(session, open.messageCount, "assistant", text, nowMs, null, null, null, null);
    write.search.run(line.lastInsertRowid, text, `s${session}`);
    write.count.run(open.messageCount, session);
    const outbox = write.outbox.run(
      inbox,
      session,
      PLATFORM,
      "default",
      `chat${chat}`,
      null,
      "reply",
      text,
      messageId,
      nowMs,
      nowMs,
    ).lastInsertRowid;
    write.done.run(outbox, nowMs, inbox);
    return { message, session, inbox, outbox: Number(outbox) };
  };
  const sent = ({ outbox }: UnderWay) => void write.sent.run(`post${outbox}`, Date.now(), outbox);
  const transaction = db.transaction((work: () => void) => work());

  return {
    async live(messages) {
      const rounds = Math.max(...messages.map((lane) => lane.length));
      let finished: UnderWay[] = [];
      for (let round = 0; round < rounds; round++) {
        let begun: UnderWay[] = [];
        transaction.immediate(() => {
          finished.forEach(sent);
          begun = messages.flatMap((lane) => lane.slice(round, round + 1)).map(begin);
        });
        transaction.immediate(() => {
          finished = begun.map(finish);
        });
      }
      transaction.immediate(() => finished.forEach(sent));
    },
    async settle() {},
    async [Symbol.asyncDispose]() {
      db.close();
    },
  };
}

function statementsOn(db: Database.Database) {
  return {
    inbox: db.prepare(
      `INSERT INTO inbox (platform, account, chat_id, message_id, session_key, agent, payload, state, received_at_ms, may_reset)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
    ),
    message: db.prepare(
      `INSERT INTO messages (session, seq, role, content, at_ms, message_id, sender_id, sender_name, extra)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    search: db.prepare("INSERT INTO messages_fts (rowid, text, scope) VALUES (?, ?, ?)"),
    activity: db.prepare(
      "UPDATE sessions SET last_active_ms = ?, next_reset_at_ms = ?, message_count = ? WHERE id = ?",
    ),
    claim: db.prepare(
      "UPDATE inbox SET state = 'running', attempts = attempts + 1, session = ?, user_seq = ? WHERE id = ?",
    ),
    count: db.prepare("UPDATE sessions SET message_count = ? WHERE id = ?"),
    outbox: db.prepare(
      `INSERT INTO outbox (inbox_id, session, platform, account, chat_id, thread_id, kind, text, reply_to, state, next_attempt_at_ms, created_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
    ),
    done: db.prepare(
      "UPDATE inbox SET state = 'done', payload = NULL, first_outbox_id = ?, finished_at_ms = ? WHERE id = ?",
    ),
    sent: db.prepare(
      "UPDATE outbox SET state = 'sent', attempts = attempts + 1, post_id = ?, sent_at_ms = ? WHERE id = ?",
    ),
  };
}

function insertSession(db: Database.Database, chat: number, nowMs: number): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO sessions (session_id, session_key, agent, platform, account, chat_type, chat_id, participant, source, live, created_at_ms, last_active_ms, next_reset_at_ms)
       VALUES (?, ?, 'main', '${PLATFORM}', 'default', 'dm', ?, ?, ?, 1, ?, ?, ?)`,
    )
    .run(
      newSessionId(nowMs, randomBytes(4).toString("hex")),
      keyOf(chat),
      `chat${chat}`,
      `user${chat}`,
      storedSource(sourceOf(chat)),
      nowMs,
      nowMs,
      nextResetAt(rules.resets.default, nowMs),
    );
  return Number(lastInsertRowid);
}

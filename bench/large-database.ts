import { closeSync, existsSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { nextResetAt } from "../src/session/reset-reason.ts";
import { openStore } from "../src/store/store.ts";
import { keyOf, PLATFORM, rules } from "./conversation.ts";
import { sampleTexts } from "./sample-text.ts";

/** The session that holds a tenth of all messages. */
export const LONG_SESSION_ROW = 1;
/** Messages of every other session that has any. */
const MESSAGES_A_SESSION = 100;
const DAY_MS = 86_400_000;

/**
 * Makes (or finds, where this run has made it before) a database of so many live sessions (`chat0` and on) and as many messages, and returns its folder.
 * Every session was active within the last hours and none is due.
 */
export async function largeDatabase(
  workFolder: string,
  sessions: number,
  tell: (progress: string) => void,
): Promise<string> {
  const dataDir = join(workFolder, `sessions-${sessions}`);
  if (existsSync(dataDir)) return dataDir;
  tell(`making ${sessions} sessions and ${sessions} messages`);
  await (await openStore({ dataDir, rules }))[Symbol.asyncDispose]();
  const db = new Database(join(dataDir, "parley.db"));
  // What the store itself would have written for a session that was active then.
  db.function("next_reset_at", { deterministic: true }, (atMs) => nextResetAt(rules.resets.default, Number(atMs)));
  db.function("key_of", { deterministic: true }, (chat) => keyOf(Number(chat)));
  db.pragma("journal_mode = OFF");
  db.pragma("synchronous = OFF");
  db.pragma("foreign_keys = OFF");
  db.pragma("cache_size = -524288");
  const indexes = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  fillSessions(db, sessions);
  fillMessages(db, sessions);
  for (const { sql } of indexes) db.exec(sql);
  mergeSearchIndex(db);
  db.close();
  // Left to the system, a gigabyte would go to the disk while something else is measured: a commit waits for seconds then.
  const file = openSync(join(dataDir, "parley.db"), "r+");
  fsyncSync(file);
  closeSync(file);
  return dataDir;
}

function fillSessions(db: Database.Database, sessions: number): void {
  const nowMs = Date.now();
  db.prepare(
    `INSERT INTO sessions (session_id, session_key, agent, platform, account, chat_type, chat_id, participant, source, live,
       created_at_ms, last_active_ms, next_reset_at_ms)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $sessions)
     SELECT strftime('%Y%m%d_%H%M%S', ($now - $day) / 1000 + i % 86400, 'unixepoch') || printf('_%08x', i), key_of(i), 'main',
       CASE WHEN i % 5 = 4 THEN 'other' ELSE '${PLATFORM}' END, 'default', 'dm', 'chat' || i, 'user' || i,
       '{"platform":"${PLATFORM}","account":"default","chatType":"dm","chatId":"chat' || i || '","userId":"user' || i || '","userName":"Ann"}',
       1, $now - $day, $now - i % 3600000, next_reset_at($now - i % 3600000)
     FROM n`,
  ).run({ sessions, now: nowMs, day: DAY_MS });
}

function fillMessages(db: Database.Database, messages: number): void {
  const nowMs = Date.now();
  const insert = db.prepare(
    "INSERT INTO messages (session, seq, role, content, at_ms, message_id) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const index = db.prepare("INSERT INTO messages_fts (rowid, text, scope) VALUES (?, ?, ?)");
  const long = messages / 10;
  const texts = sampleTexts(messages, 2);
  db.transaction(() => {
    for (const [place, text] of texts.entries()) {
      const isLong = place < long;
      const session = isLong
        ? LONG_SESSION_ROW
        : LONG_SESSION_ROW + 1 + Math.floor((place - long) / MESSAGES_A_SESSION);
      const seq = isLong ? place + 1 : ((place - long) % MESSAGES_A_SESSION) + 1;
      const { lastInsertRowid } = insert.run(
        session,
        seq,
        seq % 2 === 1 ? "user" : "assistant",
        text,
        nowMs,
        `old${place}`,
      );
      index.run(lastInsertRowid, text, `s${session}`);
    }
    db.prepare("UPDATE sessions SET message_count = ? WHERE id = ?").run(long, LONG_SESSION_ROW);
    db.prepare("UPDATE sessions SET message_count = ? WHERE id > ? AND id <= ?").run(
      MESSAGES_A_SESSION,
      LONG_SESSION_ROW,
      LONG_SESSION_ROW + Math.ceil((messages - long) / MESSAGES_A_SESSION),
    );
    // No JSONL files are made: the store is to believe that they are whole.
    db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('mirrored_through', ?)").run(String(messages));
    db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('indexed_through', ?)").run(String(messages));
  })();
}

/** What the store does in quiet moments. */
function mergeSearchIndex(db: Database.Database): void {
  const changes = db.prepare("SELECT total_changes()").pluck();
  const merge = db.prepare("INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', 4096)");
  for (let before = 0, after = Number(changes.get()); after - before >= 2; ) {
    before = after;
    merge.run();
    after = Number(changes.get());
  }
}

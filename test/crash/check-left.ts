import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { fakeClock } from "../support/fake-clock.ts";
import { memoryDir } from "../support/memory-dir.ts";
import { mirrorPath, mirrorText, NOON_MS, openTestStore } from "../support/test-store.ts";

/** What must be true of the rows at every moment, whatever died: each query names what is wrong, and finds nothing. */
const RULES: readonly (readonly [what: string, sql: string])[] = [
  ["two live sessions of a key", "SELECT session_key FROM sessions WHERE live = 1 GROUP BY 1 HAVING count(*) > 1"],
  [
    "a transcript with a gap",
    "SELECT s.session_id FROM sessions s LEFT JOIN messages m ON m.session = s.id GROUP BY s.id HAVING count(m.id) <> s.message_count OR count(m.id) <> coalesce(max(m.seq), 0)",
  ],
  [
    "a message that waits without its text, or is done without an end",
    "SELECT id FROM inbox WHERE (state IN ('waiting', 'running')) <> (finished_at_ms IS NULL) OR (state <> 'done' AND payload IS NULL)",
  ],
  [
    "a message that is done and has no answer",
    "SELECT i.id FROM inbox i LEFT JOIN outbox o ON o.id = i.first_outbox_id WHERE i.state = 'done' AND i.error IS NULL AND i.first_outbox_id IS NOT NULL AND o.id IS NULL",
  ],
  [
    "a post that was sent, and nobody knows as what or when",
    "SELECT id FROM outbox WHERE state = 'sent' AND (sent_at_ms IS NULL OR (post_id IS NULL AND platform NOT IN ('web', 'local')))",
  ],
  [
    "a line of a session twice",
    "SELECT session FROM messages WHERE message_id IS NOT NULL GROUP BY session, role, message_id HAVING count(*) > 1",
  ],
];

/** Checks what a process that died has left: the database as it stands, and what opening it makes of the transcripts. Works on a copy. */
export async function checkLeft(dataDir: string): Promise<void> {
  using copy = memoryDir();
  for (const name of ["parley.db", "parley.db-wal", "transcripts"]) {
    const path = join(dataDir, name);
    if (existsSync(path)) cpSync(path, join(copy.path, name), { recursive: true });
  }
  if (!existsSync(join(copy.path, "parley.db"))) return;
  const db = new Database(join(copy.path, "parley.db"));
  try {
    assert.deepEqual(db.pragma("integrity_check"), [{ integrity_check: "ok" }]);
    assert.deepEqual(db.pragma("foreign_key_check"), []);
  } finally {
    db.close();
  }
  const store = await openTestStore(copy.path, fakeClock(NOON_MS));
  try {
    for (const { sessionId } of store.listSessions({ limit: 500 }).sessions) {
      const path = mirrorPath(copy.path, sessionId);
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      assert.equal(text, mirrorText(store, sessionId), `the file of ${sessionId} is its rows after opening`);
    }
  } finally {
    await store[Symbol.asyncDispose]();
  }
  checkRows(copy.path);
}

/** Checks the rules on a database that nobody writes. */
export function checkRows(dataDir: string): void {
  const db = new Database(join(dataDir, "parley.db"));
  try {
    for (const [what, sql] of RULES) assert.deepEqual(db.prepare(sql).all(), [], what);
    const files = db.prepare("SELECT session_id FROM sessions WHERE end_reason = 'delete'").pluck().all();
    for (const id of files) {
      assert.ok(!existsSync(mirrorPath(dataDir, String(id))), `${String(id)} is deleted and its file is there`);
    }
  } finally {
    db.close();
  }
}

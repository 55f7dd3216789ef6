import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { migrations } from "../../src/store/migrations.ts";
import { startDaemonProcess } from "../support/daemon-process.ts";
import { tempDir } from "../support/temp-dir.ts";
import { losePower } from "./lose-power.ts";
import { startMortal } from "./mortal-daemon.ts";
import { anyPlan, type CrashRound, countDeath } from "./round.ts";

const REACH = {
  schema: 1 + migrations.length * 2,
  statement: 10,
  before_commit: migrations.length + 2,
  torn_commit: migrations.length + 2,
  after_commit: migrations.length + 2,
} as const;
const MESSAGES = 200;
/** Marks a file as Parley's. */
const APPLICATION_ID = 0x50524c59;

/** A database of every older schema is opened by this program, which dies while it brings it up to date. */
export const migrationRound: CrashRound = async ({ random, kills, tally }) => {
  for (let kill = 0; kill < kills; kill++) {
    using folder = tempDir();
    const dataDir = join(folder.path, "data");
    mkdirSync(dataDir);
    const since = 1 + random.below(Math.max(1, migrations.length - 1));
    writeOldDatabase(join(dataDir, "parley.db"), since);
    const plan = anyPlan(random, REACH);
    const mortal = startMortal(dataDir, ["run", "--data-dir", dataDir, "--port", "0"], plan);
    const killer = setTimeout(() => mortal.process.child.kill("SIGKILL"), 1_500);
    assert.equal((await mortal.process.ended).signal, "SIGKILL", mortal.process.complaints());
    clearTimeout(killer);
    const note = mortal.lastNote();
    countDeath(tally, note?.point ?? "at random");
    if (note !== null) {
      losePower(dataDir, note, random);
      tally.powerFailures += 1;
    }
    checkOld(join(dataDir, "parley.db"), since);
    const daemon = await startDaemonProcess(dataDir);
    assert.deepEqual(await daemon.end("SIGTERM"), { code: 0, signal: null });
    checkOld(join(dataDir, "parley.db"), migrations.length);
    tally.lines += MESSAGES;
  }
};

/** A database as a Parley with the first `since` steps of the schema wrote it. */
function writeOldDatabase(path: string, since: number): void {
  const db = new Database(path);
  try {
    db.pragma("journal_mode = WAL");
    db.pragma(`application_id = ${APPLICATION_ID}`);
    for (const { sql } of migrations.slice(0, since)) db.exec(sql);
    db.pragma(`user_version = ${since}`);
    db.exec(
      `INSERT INTO sessions (session_id, session_key, agent, platform, account, chat_type, chat_id, source, live, created_at_ms, last_active_ms, message_count)
       VALUES ('20260101_080000_00c0ffee', 'agent:main:telegram:dm:1', 'main', 'telegram', 'default', 'dm', '1', '{}', 1, 1, 1, ${MESSAGES})`,
    );
    const insert = db.prepare("INSERT INTO messages (session, seq, role, content, at_ms) VALUES (1, ?, 'user', ?, 1)");
    for (let seq = 1; seq <= MESSAGES; seq++) insert.run(seq, `line ${seq}`);
  } finally {
    db.close();
  }
}

function checkOld(path: string, atLeast: number): void {
  const db = new Database(path);
  try {
    assert.deepEqual(db.pragma("integrity_check"), [{ integrity_check: "ok" }]);
    assert.ok(Number(db.pragma("user_version", { simple: true })) >= atLeast);
    const texts = db.prepare("SELECT content FROM messages ORDER BY seq").pluck().all();
    assert.deepEqual(
      texts,
      Array.from({ length: MESSAGES }, (_, n) => `line ${n + 1}`),
    );
  } finally {
    db.close();
  }
}

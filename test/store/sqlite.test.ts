import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import Database from "better-sqlite3";
import { migrations } from "../../src/store/migrations.ts";
import { openConnection } from "../../src/store/sqlite.ts";
import { StoreError, type StoreFailure } from "../../src/store/store-error.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { tempDir } from "../support/temp-dir.ts";
import { copyDatabase, dmSource, line, openTestStore, rowsOf, testStore } from "../support/test-store.ts";

function folderOf(t: TestContext): string {
  const folder = tempDir();
  t.after(() => folder[Symbol.dispose]());
  return folder.path;
}

/** A closed database with a session of 200 long lines. */
async function filledDatabase(t: TestContext): Promise<string> {
  const dataDir = folderOf(t);
  const store = await openTestStore(dataDir, fakeClock(0));
  const { session } = await store.resolveSession(dmSource("1"), 0);
  await store.appendMessages(
    session.sessionId,
    Array.from({ length: 200 }, (_, n) => line(`${n} `.repeat(200))),
  );
  await store[Symbol.asyncDispose]();
  return join(dataDir, "parley.db");
}

function refusal(kind: StoreFailure, ...says: readonly RegExp[]) {
  return (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.kind, kind, error.message);
    for (const words of says) assert.match(error.message, words);
    return true;
  };
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("the write-ahead log is on and every commit is synced", async () => {
  await using opened = await testStore();
  const { reader } = opened.store;
  assert.deepEqual(rowsOf(reader, "PRAGMA journal_mode"), [{ journal_mode: "wal" }]);
  assert.deepEqual(rowsOf(reader, "PRAGMA synchronous"), [{ synchronous: 2 }]);
  assert.deepEqual(rowsOf(reader, "PRAGMA foreign_keys"), [{ foreign_keys: 1 }]);
  assert.deepEqual(rowsOf(reader, "PRAGMA user_version"), [{ user_version: migrations.length }]);
});

test("nobody else may read the data", async (t) => {
  const dataDir = join(folderOf(t), "deep", "data");
  await using opened = await testStore({ dataDir });
  const { session } = await opened.store.resolveSession(dmSource("1"), 0);
  await opened.store.appendMessages(session.sessionId, [line("hi")]);
  assert.equal(modeOf(dataDir), 0o700);
  assert.equal(modeOf(join(dataDir, "transcripts")), 0o700);
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith("parley.db")))
    assert.equal(modeOf(join(dataDir, name)), 0o600, name);
  assert.equal(modeOf(join(dataDir, "transcripts", `${session.sessionId}.jsonl`)), 0o600);
});

test("a database others could read is closed to them when it is opened", (t) => {
  const path = join(folderOf(t), "parley.db");
  openConnection(path, "write").close();
  chmodSync(path, 0o644);
  openConnection(path, "write").close();
  assert.equal(modeOf(path), 0o600);
});

test("every table of ours is STRICT, and has no index that SQLite would not keep", async () => {
  await using opened = await testStore();
  const tables = rowsOf(opened.store.reader, "PRAGMA table_list").filter(
    ({ name, type }) => type === "table" && !/^sqlite_/.test(String(name)),
  );
  assert.ok(tables.length >= 7);
  assert.deepEqual(
    tables.filter(({ strict }) => strict !== 1).map(({ name }) => name),
    [],
  );
});

test("a database of a newer program is refused with both versions, and not a byte is changed", async (t) => {
  const path = await filledDatabase(t);
  const newer = new Database(path);
  newer.pragma("user_version = 41");
  newer.close();
  const before = readFileSync(path);
  for (const mode of ["write", "read"] as const)
    assert.throws(
      () => openConnection(path, mode),
      refusal("newer", /schema 41\b/, new RegExp(`knows ${migrations.length}\\b`), /nothing was changed/),
    );
  assert.ok(readFileSync(path).equals(before));
});

test("a newer database that was left by a crash is refused as it was left", async (t) => {
  await using opened = await testStore();
  await opened.store.resolveSession(dmSource("1"), 0);
  rowsOf(opened.store.reader, "PRAGMA wal_checkpoint(TRUNCATE)");
  const raw = new Database(join(opened.dataDir, "parley.db"));
  t.after(() => raw.close());
  raw.pragma("user_version = 41");
  const crashed = folderOf(t);
  copyDatabase(opened.dataDir, crashed);
  const bytes = () =>
    ["parley.db", "parley.db-wal"].map((name) => readFileSync(join(crashed, name)).toString("base64"));
  const before = bytes();
  assert.throws(() => openConnection(join(crashed, "parley.db"), "write"), refusal("newer"));
  assert.deepEqual(bytes(), before);
  raw.pragma(`user_version = ${migrations.length}`);
});

const damages: readonly (readonly [what: string, damage: (path: string) => void])[] = [
  ["that is garbage", (path) => writeFileSync(path, Buffer.alloc(40_000, "garbage, not a database. "))],
  ["whose header is damaged", (path) => overwrite(path, 0, Buffer.from("SQLitf"))],
  ["whose page size is damaged", (path) => overwrite(path, 16, Buffer.from([0x12, 0x34]))],
  ["whose schema is damaged", (path) => overwrite(path, 100, Buffer.alloc(3_000, 0xff))],
  ["that is a short text", (path) => writeFileSync(path, "hello")],
  ["that was cut off after its first page", (path) => truncateSync(path, 4096)],
  ["that was cut off in the middle", (path) => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096 + 100)],
  ["with a damaged page in the middle", (path) => overwrite(path, middleOf(path), Buffer.alloc(4096, 0xa5))],
];

function overwrite(path: string, at: number, bytes: Buffer): void {
  const content = readFileSync(path);
  bytes.copy(content, at);
  writeFileSync(path, content);
}

/** The start of a page that holds lines of the transcript: every page of that table's middle does. */
function middleOf(path: string): number {
  const place = readFileSync(path).indexOf("100 100 100 100");
  return Math.floor(place / 4096) * 4096;
}

for (const [what, damage] of damages) {
  test(`a file ${what} is named as corrupt by whoever opens or reads it, and stays as it is`, async (t) => {
    const path = await filledDatabase(t);
    damage(path);
    const before = readFileSync(path);
    for (const mode of ["read", "write"] as const)
      assert.throws(
        () => {
          const connection = openConnection(path, mode);
          try {
            rowsOf(connection, "SELECT * FROM messages ORDER BY seq");
          } finally {
            connection.close();
          }
        },
        refusal("corrupt", /Nothing was overwritten/, /backup/),
      );
    assert.ok(readFileSync(path).equals(before), "the file was changed");
  });
}

test("a store on a damaged file fails with the reason, never with an empty history, and lets go of the file", async (t) => {
  const path = await filledDatabase(t);
  overwrite(path, middleOf(path), Buffer.alloc(4096, 0xa5));
  const dataDir = join(path, "..");
  await using opened = await testStore({ dataDir });
  const { store } = opened;
  const [session] = store.listSessions({}).sessions;
  assert.ok(session !== undefined);
  assert.throws(() => store.transcript(session.sessionId, { limit: 1_000 }), refusal("corrupt"));
  assert.ok(store.integrityProblems().length > 0);
  await assert.rejects(store.rewriteTranscript(session.sessionId, [line("x")]), refusal("corrupt"));
});

test("what is whole has no problems, and a reference to a row that is gone is one", async () => {
  await using opened = await testStore();
  const { session } = await opened.store.resolveSession(dmSource("1"), 0);
  await opened.store.appendMessages(session.sessionId, [line("hi")]);
  assert.deepEqual(opened.store.integrityProblems(), []);
  const raw = new Database(join(opened.dataDir, "parley.db"));
  raw.pragma("foreign_keys = OFF");
  raw.exec("UPDATE messages SET session = 99");
  raw.close();
  assert.deepEqual(opened.store.integrityProblems(), ["messages row 1 refers to a row that is gone"]);
});

const foreign = ["PRAGMA user_version = 0", `PRAGMA user_version = ${migrations.length}`, "PRAGMA user_version = 99"];
for (const pragma of foreign) {
  test(`a database of another program is refused and left alone (${pragma})`, (t) => {
    const path = join(folderOf(t), "parley.db");
    const other = new Database(path);
    other.exec(`CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x'); ${pragma}`);
    other.close();
    const before = readFileSync(path);
    for (const mode of ["write", "read"] as const)
      assert.throws(() => openConnection(path, mode), refusal("corrupt", /another program/, /dataDir/));
    assert.ok(readFileSync(path).equals(before));
  });
}

test("an empty file becomes a database, and opening it again changes nothing", (t) => {
  const path = join(folderOf(t), "parley.db");
  writeFileSync(path, "");
  openConnection(path, "write").close();
  const made = readFileSync(path);
  openConnection(path, "write").close();
  assert.ok(readFileSync(path).equals(made));
});

test("reading asks for a database that is there and has been made", (t) => {
  const path = join(folderOf(t), "parley.db");
  assert.throws(() => openConnection(path, "read"), refusal("not_found", /no database here yet/));
  assert.equal(existsSync(path), false);
  writeFileSync(path, "");
  assert.throws(() => openConnection(path, "read"), refusal("invalid", /Start the daemon once/));
});

test("a path that cannot be a database file is an error that says so", (t) => {
  const path = join(folderOf(t), "parley.db");
  mkdirSync(path);
  assert.throws(() => openConnection(path, "write"), refusal("io", /parley\.db/));
});

test("a reader sees what is committed while another connection writes", async () => {
  await using opened = await testStore();
  const reading = openConnection(join(opened.dataDir, "parley.db"), "read");
  try {
    const { session } = await opened.store.resolveSession(dmSource("1"), 0);
    await opened.store.write(() => {
      assert.deepEqual(rowsOf(reading, "SELECT session_id FROM sessions"), [{ session_id: session.sessionId }]);
    });
    assert.throws(() => rowsOf(reading, "DELETE FROM sessions RETURNING id"), refusal("readonly"));
  } finally {
    reading.close();
  }
});

test("a database that another process keeps locked is an error that says so, and nothing is changed", async (t) => {
  const path = await filledDatabase(t);
  const child = spawn(process.execPath, [join(import.meta.dirname, "lock-database.ts"), path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const before = readFileSync(path);
  for (const mode of ["write", "read"] as const)
    assert.throws(
      () => openConnection(path, mode, { busyTimeoutMs: 30 }).close(),
      refusal("locked", /another program/, /try again/),
    );
  assert.ok(readFileSync(path).equals(before));
  child.kill("SIGKILL");
  await once(child, "exit");
  openConnection(path, "write").close();
});

test("a copy made while the store runs is a whole database of its own, and never replaces a file", async (t) => {
  const target = join(folderOf(t), "copy.db");
  await using opened = await testStore();
  const { session } = await opened.store.resolveSession(dmSource("1"), 0);
  await opened.store.appendMessages(session.sessionId, [line("kept")]);
  const reading = openConnection(join(opened.dataDir, "parley.db"), "read");
  try {
    await reading.backup(target);
    await assert.rejects(reading.backup(target), refusal("invalid", /exists already/));
  } finally {
    reading.close();
  }
  const said = execFileSync(process.execPath, [
    "--input-type=module",
    "-e",
    `import Database from "better-sqlite3"; console.log(new Database(${JSON.stringify(target)}).prepare("SELECT content FROM messages").get().content)`,
  ]);
  assert.equal(String(said), "kept\n");
});

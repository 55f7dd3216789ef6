import { chmodSync, existsSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { foldText } from "./fold-text.ts";
import { makeFolder } from "./make-folder.ts";
import { migrations } from "./migrations.ts";
import { spacedIdeographs } from "./search-words.ts";
import type { SqlValue, Statement } from "./statement.ts";
import { StoreError, storeErrorOf } from "./store-error.ts";
import { keepUpgradeCopy, upgradeCopyPath } from "./upgrade-copy.ts";

/** Reads rows, one bound statement at a time. */
export interface Reader {
  /** The first row, or null. */
  get<P, R>(statement: Statement<P, R>, params: P): R | null;
  all<P, R>(statement: Statement<P, R>, params: P): R[];
}

/** An open database connection. Everything on it is synchronous. */
export interface Connection extends Reader {
  readonly path: string;
  /** Runs a statement that changes rows; `lastId` is the rowid of the last insert. */
  run<P>(statement: Statement<P, unknown>, params: P): { readonly changes: number; readonly lastId: number };
  begin(): void;
  commit(): void;
  rollback(): void;
  /** Marks a point within the transaction, up to which it can be taken back; points may lie within each other. */
  savepoint(): void;
  /** The last point is not needed any more. */
  release(): void;
  /** Takes back what came after the last point, and forgets the point. Nothing happens when the transaction is over. */
  rollbackToSavepoint(): void;
  /** Merges a bounded part of the full-text index; false when there is nothing left to merge. */
  mergeSearchIndex(pages: number): boolean;
  /** Copies the write-ahead log into the file if so many pages of it wait for that, as far as nobody else reads or writes. */
  checkpoint(fromPages: number): void;
  /** What `PRAGMA integrity_check` and the foreign keys say; empty when all is well. */
  integrityProblems(): readonly string[];
  /** Copies the whole database, consistent as of now, to a file that does not exist yet. */
  backup(toPath: string): Promise<void>;
  close(): void;
}

/** How long a statement waits for another process's lock before it fails. */
const BUSY_TIMEOUT_MS = 5_000;
/** Marks a file as Parley's ("PRLY"): the schema's number alone does not, other programs count theirs from 1 too. */
const APPLICATION_ID = 0x50524c59;
/** Page cache: a million sessions' hot index pages fit, and memory is taken only as it is used. */
const CACHE_KIB = 64 * 1024;
/** More pages than a database can have. */
const ALL_PAGES = 2 ** 31 - 1;
/**
 * Pages in the WAL at which the next commit copies them into the file, where no quiet moment did before (`quiet-work.ts`): 66 MB, which a start after
 * a crash reads in 15 ms. A page that is written again meanwhile is copied once, and neighbours are copied together: with a million
 * sessions and messages to random ones, 16,000 instead of 4,000 make it 97 KB to the disk a message instead of 173.
 */
const WAL_PAGES = 16_000;
/** The WAL is cut back to this after a checkpoint, so that a burst does not leave a huge file behind. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Opens (and migrates) the database file, or opens it for reading only.
 * Throws a `StoreError`: corrupt, locked, newer than this program, or not there in `read` mode. An existing file is never overwritten.
 */
export function openConnection(
  path: string,
  mode: "write" | "read",
  options: { readonly busyTimeoutMs?: number } = {},
): Connection {
  const { busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
  if (mode === "write") makeFolder(dirname(path));
  else if (!existsSync(path)) throw new StoreError("not_found", `${path}: there is no database here yet.`);
  let db: Database.Database | null = null;
  try {
    if (mode === "write" && existsSync(path)) refuseForeign(path, busyTimeoutMs);
    db = new Database(path, { readonly: mode === "read", timeout: busyTimeoutMs });
    prepareDatabase(db, path, mode);
    return connectionOn(db, path);
  } catch (error) {
    db?.close();
    throw storeErrorOf(error, path);
  }
}

/** Looks at a file without the right to write: closing a database that was left by a crash writes its log into it. */
function refuseForeign(path: string, busyTimeoutMs: number): void {
  const db = new Database(path, { readonly: true, timeout: busyTimeoutMs });
  try {
    checkVersion(db, path);
  } catch (error) {
    // One that died while it was made has to be mended before it can be read.
    if (!(error instanceof Database.SqliteError && error.code.startsWith("SQLITE_READONLY"))) throw error;
  } finally {
    db.close();
  }
}

/** Returns the schema's number of a database of ours; 0 for an empty file. */
function checkVersion(db: Database.Database, path: string): number {
  const numberOf = (pragma: string) => Number(db.pragma(pragma, { simple: true }));
  if (numberOf("schema_version") > 0 && numberOf("application_id") !== APPLICATION_ID)
    throw new StoreError(
      "corrupt",
      `${path}: holds tables of another program. Point dataDir at a folder of its own; nothing was changed.`,
    );
  const found = numberOf("user_version");
  if (found > migrations.length) {
    throw new StoreError(
      "newer",
      `${path}: written by a newer Parley (schema ${found}, this program knows ${migrations.length}). Upgrade Parley${goBack(path)}; nothing was changed.`,
    );
  }
  return found;
}

/** How to go on with this program: by what the upgrade kept, which lacks what came since. */
function goBack(path: string): string {
  const copy = upgradeCopyPath(path, migrations.length);
  return existsSync(copy) ? `, or go back to how it was before the upgrade: parley restore --force ${copy}` : "";
}

function prepareDatabase(db: Database.Database, path: string, mode: "write" | "read"): void {
  const found = checkVersion(db, path);
  db.function("spaced_ideographs", { deterministic: true }, (text) => spacedIdeographs(String(text)));
  db.function("fold_text", { deterministic: true }, (text) => foldText(String(text).normalize("NFC")));
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma("temp_store = memory");
  if (mode === "read") {
    if (found < migrations.length)
      throw new StoreError(
        "invalid",
        `${path}: schema ${found}, this program reads ${migrations.length}. Start the daemon once to upgrade it.`,
      );
    return;
  }
  chmodSync(path, 0o600);
  db.pragma("journal_mode = WAL");
  // better-sqlite3 is built with synchronous=NORMAL for WAL files: a power cut could take back what was answered.
  db.pragma("synchronous = FULL");
  if (db.pragma("journal_mode", { simple: true }) !== "wal" || Number(db.pragma("synchronous", { simple: true })) !== 2)
    throw new StoreError(
      "io",
      `${path}: this file system does not support SQLite's write-ahead log. Use a local disk.`,
    );
  db.pragma("foreign_keys = ON");
  db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
  if (found > 0 && found < migrations.length) keepUpgradeCopy(db, path, found);
  migrate(db);
}

function migrate(db: Database.Database): void {
  const step = db.transaction((index: number, sql: string) => {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.exec(sql);
    db.pragma(`user_version = ${index + 1}`);
  });
  for (const [index, migration] of migrations.entries()) {
    if (index >= Number(db.pragma("user_version", { simple: true }))) step.immediate(index, migration.sql);
  }
}

function connectionOn(db: Database.Database, path: string): Connection {
  const prepared = new Map<Statement<never, unknown>, PreparedStatement>();
  const prepare = <P>(statement: Statement<P, unknown>): PreparedStatement => {
    const known = prepared.get(statement as Statement<never, unknown>);
    if (known !== undefined) return known;
    const { sql, names } = statement.compiled();
    const made = { statement: db.prepare(sql), names };
    prepared.set(statement as Statement<never, unknown>, made);
    return made;
  };
  const [begin, commit, rollback] = [db.prepare("BEGIN IMMEDIATE"), db.prepare("COMMIT"), db.prepare("ROLLBACK")];
  const [savepoint, release] = [db.prepare("SAVEPOINT part"), db.prepare("RELEASE part")];
  return {
    path,
    get<P, R>(statement: Statement<P, R>, params: P) {
      try {
        const { statement: made, names } = prepare(statement);
        return (made.get(...valuesOf(names, params)) as R | undefined) ?? null;
      } catch (error) {
        throw storeErrorOf(error, path);
      }
    },
    all<P, R>(statement: Statement<P, R>, params: P) {
      try {
        const { statement: made, names } = prepare(statement);
        return made.all(...valuesOf(names, params)) as R[];
      } catch (error) {
        throw storeErrorOf(error, path);
      }
    },
    run(statement, params) {
      try {
        const { statement: made, names } = prepare(statement);
        const { changes, lastInsertRowid } = made.run(...valuesOf(names, params));
        return { changes, lastId: Number(lastInsertRowid) };
      } catch (error) {
        throw storeErrorOf(error, path);
      }
    },
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback: () => {
      // SQLite rolls some failures back by itself (disk full among them).
      if (db.inTransaction) rollback.run();
    },
    savepoint: () => void savepoint.run(),
    release: () => void release.run(),
    rollbackToSavepoint: () => {
      if (db.inTransaction) db.exec("ROLLBACK TO part; RELEASE part");
    },
    mergeSearchIndex(pages) {
      const before = totalChanges(db);
      db.prepare("INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', ?)").run(pages);
      return totalChanges(db) - before >= 2; // the FTS5 documentation's test for "there is more"
    },
    checkpoint(fromPages) {
      const [found] = db.pragma("wal_checkpoint(NOOP)") as { log: number; checkpointed: number }[];
      if (found !== undefined && found.log - found.checkpointed >= fromPages) db.pragma("wal_checkpoint(PASSIVE)");
    },
    integrityProblems() {
      try {
        const pages = db.pragma("integrity_check") as { integrity_check: string }[];
        const damages = pages.map((row) => row.integrity_check).filter((line) => line !== "ok");
        if (damages.length > 0) return damages; // what rows refer to cannot be told from damaged pages
        const keys = db.pragma("foreign_key_check") as { table: string; rowid: number }[];
        return keys.map((row) => `${row.table} row ${row.rowid} refers to a row that is gone`);
      } catch (error) {
        const failure = storeErrorOf(error, path);
        if (failure instanceof StoreError && failure.kind === "corrupt") return [failure.message];
        throw failure;
      }
    },
    async backup(toPath) {
      if (existsSync(toPath)) throw new StoreError("invalid", `${toPath}: exists already. Name a new file.`);
      // All pages in one step: between two, another process that writes would make SQLite begin anew, for ever.
      await db.backup(toPath, { progress: () => ALL_PAGES });
      chmodSync(toPath, 0o600);
    },
    close: () => void db.close(),
  };
}

interface PreparedStatement {
  readonly statement: Database.Statement;
  readonly names: readonly string[];
}

function valuesOf(names: readonly string[], params: unknown): SqlValue[] {
  const given = params as Readonly<Record<string, SqlValue>>;
  const values = new Array<SqlValue>(names.length);
  for (let place = 0; place < names.length; place++) {
    const value = given[names[place] ?? ""];
    if (value === undefined) throw new TypeError(`the statement's parameter ${names[place]} was not given`);
    values[place] = value;
  }
  return values;
}

function totalChanges(db: Database.Database): number {
  const row = db.prepare("SELECT total_changes() AS n").get() as { n: number };
  return row.n;
}

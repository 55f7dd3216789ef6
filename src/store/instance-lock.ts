import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { makeFolder } from "./make-folder.ts";

/** The daemon that has a data directory. */
export interface Instance {
  readonly pid: number;
  /** Where its console listens; null when it has none (yet). */
  readonly url: string | null;
}

/** The right to use a data directory; only one process has it at a time, and it ends with the process however that ends. */
export interface InstanceLock extends Disposable {
  /** Leaves word for `parley status` and others where the daemon can be reached. */
  announce(url: string): void;
}

/** Another daemon has the data directory. */
export class InstanceLockedError extends Error {
  override readonly name = "InstanceLockedError";
}

/** How long a daemon waits for the lock: whoever asks whether one runs holds it for a moment. */
const LOCK_WAIT_MS = 250;

/** The process's number and nothing else, as `kill` and service managers read it. */
const PID_FILE = "parley.pid";
/** Where its console listens. */
const URL_FILE = "parley.url";

/**
 * Takes the data directory for this process; throws an `InstanceLockedError` naming the process that has it.
 * The lock is SQLite's own lock on a file beside the database: the system lets go of it when the process dies, so there is no stale one to clear.
 */
export function lockDataDir(dataDir: string, pid: number = process.pid): InstanceLock {
  makeFolder(dataDir);
  const path = join(dataDir, "parley.lock");
  const db = new Database(path, { timeout: LOCK_WAIT_MS });
  try {
    chmodSync(path, 0o600);
    db.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    if (!(cause instanceof Error && "code" in cause && String(cause.code).startsWith("SQLITE_BUSY"))) throw cause;
    const other = readInstance(dataDir);
    const who = other === null ? "another process" : `process ${other.pid}`;
    throw new InstanceLockedError(
      `${dataDir}: in use by ${who}. Stop that daemon first, or give this one a data directory of its own (dataDir, PARLEY_DATA_DIR).`,
      { cause },
    );
  }
  // What a killed daemon left is of no use to this one's pid.
  rmSync(join(dataDir, URL_FILE), { force: true });
  writeLine(join(dataDir, PID_FILE), String(pid));
  return {
    announce: (url) => writeLine(join(dataDir, URL_FILE), url),
    [Symbol.dispose]() {
      for (const file of [URL_FILE, PID_FILE]) rmSync(join(dataDir, file), { force: true });
      db.close();
    },
  };
}

/** The daemon that has a data directory now, or null when none runs. */
export function findInstance(dataDir: string): Instance | null {
  const instance = readInstance(dataDir);
  if (instance === null) return null;
  // A file left by a daemon that was killed: its lock is free.
  const db = new Database(join(dataDir, "parley.lock"), { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
    db.exec("ROLLBACK");
    return null;
  } catch {
    return instance;
  } finally {
    db.close();
  }
}

function readInstance(dataDir: string): Instance | null {
  const pid = readLine(join(dataDir, PID_FILE));
  return pid !== null && /^\d+$/.test(pid) ? { pid: Number(pid), url: readLine(join(dataDir, URL_FILE)) } : null;
}

/** Null when there is none (yet). */
function readLine(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null; // whoever asks can only ask again, whatever the reason
  }
}

function writeLine(path: string, line: string): void {
  writeFileSync(`${path}.tmp`, `${line}\n`, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { holdPending } from "../store/held-posts.ts";
import { lockDataDir } from "../store/instance-lock.ts";
import { openConnection } from "../store/sqlite.ts";
import { StoreError } from "../store/store-error.ts";
import { RESTORING } from "../store/unfinished-restore.ts";
import { BACKUP_FOLDERS, type BackupManifest } from "./manifest.ts";

import { unpackBackup } from "./unpack-backup.ts";

/** A backup that was put in place. */
export interface Restored {
  /** Null for a bare database. */
  readonly manifest: BackupManifest | null;
  /** Where what was there before is now; null when there was nothing. */
  readonly asidePath: string | null;
  /** Posts that waited when it was made: dead letters now, since nobody can say whether they were sent after it. */
  readonly heldPosts: number;
}

/** What may lie in a data directory and belongs to the database it has: all of it moves aside. */
const OWN_FILES = ["parley.db-wal", "parley.db-shm", ...BACKUP_FOLDERS];

/**
 * Makes a data directory what it was when the backup was made. Everything is unpacked and checked before anything is touched, and nothing is
 * deleted: what was there moves to a folder beside it. Dying on the way leaves a folder that keeps a daemon from starting, until it is done again.
 * Throws an `InstanceLockedError` while a daemon runs, a `StoreError` when the backup is damaged or newer, or when data is there and `isForced` is false.
 */
export async function restoreBackup(
  dataDir: string,
  fromPath: string,
  options: { readonly isForced: boolean; readonly nowMs: number },
): Promise<Restored> {
  using _lock = lockDataDir(dataDir);
  const isInterrupted = existsSync(join(dataDir, RESTORING));
  const hasData =
    existsSync(join(dataDir, "parley.db")) || BACKUP_FOLDERS.some((name) => hasFiles(join(dataDir, name)));
  if (hasData && !isInterrupted && !options.isForced) {
    throw new StoreError(
      "invalid",
      `${dataDir}: holds data already. Name an empty directory with --data-dir, or pass --force: what is there is then moved aside, not deleted.`,
    );
  }
  const unpacked = mkdtempSync(join(dataDir, ".unpacking-"));
  try {
    const manifest = await unpackBackup(fromPath, unpacked);
    const heldPosts = checkDatabase(join(unpacked, "parley.db"), fromPath);
    const asidePath = putInPlace(dataDir, unpacked, options.nowMs);
    return { manifest, asidePath, heldPosts };
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** Opens the database as the daemon would, reads every page of it, and holds what it was about to post. Returns how many posts. */
function checkDatabase(path: string, fromPath: string): number {
  const db = openConnection(path, "write");
  try {
    const [first] = db.integrityProblems();
    if (first !== undefined) throw new StoreError("corrupt", `${fromPath}: its database is damaged (${first}).`);
    return holdPending(db);
  } finally {
    db.close();
  }
}

/** Swaps the files; the database comes last, so that there is one at every moment. */
function putInPlace(dataDir: string, unpacked: string, nowMs: number): string | null {
  const marker = join(dataDir, RESTORING);
  mkdirSync(marker, { recursive: true, mode: 0o700 });
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const aside = join(dataDir, `before-restore-${stamp}`);
  let hasMoved = false;
  const moveAside = (name: string) => {
    const path = join(dataDir, name);
    if (!existsSync(path)) return;
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    renameSync(path, join(aside, name));
    hasMoved = true;
  };
  for (const name of OWN_FILES) moveAside(name);
  for (const name of BACKUP_FOLDERS) {
    if (existsSync(join(unpacked, name))) renameSync(join(unpacked, name), join(dataDir, name));
  }
  moveAside("parley.db");
  renameSync(join(unpacked, "parley.db"), join(dataDir, "parley.db"));
  rmSync(marker, { recursive: true });
  return hasMoved ? aside : null;
}

function hasFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

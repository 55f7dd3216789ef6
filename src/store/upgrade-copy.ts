import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type Database from "better-sqlite3";

/** Where the database is kept as it was before its schema `schema` was upgraded. */
export function upgradeCopyPath(databasePath: string, schema: number): string {
  return join(dirname(databasePath), "backups", `parley-schema-${schema}.db`);
}

/**
 * Keeps a whole copy of the database before its schema changes, for whoever has to go back to the program before. An older copy of the same schema is
 * replaced: it is from before an earlier try. Throws when there is no room: then nothing is upgraded.
 */
export function keepUpgradeCopy(db: Database.Database, databasePath: string, schema: number): void {
  const path = upgradeCopyPath(databasePath, schema);
  const unfinished = `${path}.part`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(unfinished, { force: true });
  try {
    db.prepare("VACUUM INTO ?").run(unfinished);
    chmodSync(unfinished, 0o600);
    renameSync(unfinished, path);
  } finally {
    if (existsSync(unfinished)) rmSync(unfinished);
  }
}

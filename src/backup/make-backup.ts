import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { create } from "tar";
import { StoreError } from "../store/store-error.ts";
import type { BackupManifest } from "./manifest.ts";
import { stageBackup } from "./stage-backup.ts";

/** A backup that was made. */
export interface MadeBackup {
  readonly manifest: BackupManifest;
  readonly sizeBytes: number;
  readonly leftOut: readonly string[];
}

/**
 * Writes a data directory to one new file (a gzipped tar archive, 0600), whether a daemon runs or not: either the whole file
 * is there, or none. Takes room for a second copy of the database and the transcripts beside it meanwhile.
 * Throws a `StoreError` when there is no database, or something by that name already.
 */
export async function makeBackup(
  dataDir: string,
  toPath: string,
  options: { readonly hasMedia: boolean; readonly version: string; readonly nowMs: number },
): Promise<MadeBackup> {
  if (existsSync(toPath)) throw new StoreError("invalid", `${toPath}: exists already. Name a new file.`);
  const staging = mkdtempSync(join(dirname(toPath), `.${basename(toPath)}-`)); // 0700
  try {
    const { manifest, files, leftOut } = await stageBackup(dataDir, staging, options);
    const unfinished = join(staging, "archive");
    await create({ gzip: true, portable: true, strict: true, cwd: staging, file: unfinished, mode: 0o600 }, [...files]);
    sync(unfinished);
    renameSync(unfinished, toPath);
    sync(dirname(toPath));
    return { manifest, sizeBytes: statSync(toPath).size, leftOut };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function sync(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

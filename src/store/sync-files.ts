import { closeSync, existsSync, fsyncSync, openSync } from "node:fs";
import { open } from "node:fs/promises";

/** Whether folders can be synced: Windows has no such thing, and writes names down by itself. */
const SYNCS_FOLDERS = process.platform !== "win32";

/** Puts the names in a folder on disk: files that were made, renamed or removed there. */
export function syncFolder(folder: string): void {
  if (SYNCS_FOLDERS) syncPath(folder, "r");
}

/** Puts a file on disk; nothing happens when there is none. */
export function syncFile(path: string): void {
  if (existsSync(path)) syncPath(path, "r+");
}

function syncPath(path: string, flags: "r" | "r+"): void {
  const fd = openSync(path, flags);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Puts what was appended to these files of a folder on disk, and their names, without blocking; those that are gone are left out. */
export async function syncFiles(folder: string, paths: Iterable<string>): Promise<void> {
  // One after the other: the database's own syncs come in between.
  for (const path of paths) await syncOne(path, "r+");
  if (SYNCS_FOLDERS) await syncOne(folder, "r");
}

async function syncOne(path: string, flags: "r" | "r+"): Promise<void> {
  try {
    await using file = await open(path, flags);
    await file.sync();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

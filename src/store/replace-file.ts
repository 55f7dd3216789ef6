import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "./sync-files.ts";

const FILE_MODE = 0o600;

/**
 * Makes a file (0600) of these pieces in one step: written and synced under a temporary name in the same folder, then
 * renamed. Whatever fails, the pieces themselves included, leaves the file as it was and no temporary one.
 */
export function replaceFile(path: string, temporaryPath: string, pieces: Iterable<string>): void {
  try {
    rmSync(temporaryPath, { force: true }); // of a rewrite that died
    const fd = openSync(temporaryPath, "wx", FILE_MODE);
    try {
      for (const piece of pieces) writeFileSync(fd, piece);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporaryPath, path);
    // Until then a power failure brings the old file back, and its undone lines with it.
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporaryPath, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path}: could not be rewritten and stays as it was: ${reason}`, { cause });
  }
}

import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from "node:fs";
import { chunksOf, type FileBytes } from "./file-bytes.ts";
import { quarantinePath } from "./transcript-path.ts";

/** A stretch of a file, `end` excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Quarantine files of one session: each is a damage somebody should have looked at, long before there are so many. */
const MAX_QUARANTINE_FILES = 100;
const FILE_MODE = 0o600;

/**
 * Copies stretches of a mirror, byte for byte and one after the other, to the first quarantine file that is free, and
 * returns its path. They are on disk when it returns: it is the only copy once the mirror is mended.
 */
export function writeQuarantine(
  folder: string,
  sessionId: string,
  mirror: FileBytes,
  ranges: readonly ByteRange[],
): string {
  const { fd, path } = openFree(folder, sessionId);
  try {
    for (const { start, end } of ranges) for (const chunk of chunksOf(mirror, start, end)) writeFileSync(fd, chunk);
    fsyncSync(fd);
  } catch (cause) {
    rmSync(path, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${path}: could not write the lines to be quarantined: ${reason}. The transcript is as it was.`, {
      cause,
    });
  } finally {
    closeSync(fd);
  }
  return path;
}

/** Deletes the quarantine files of a session, up to the first number that is free. */
export function removeQuarantine(folder: string, sessionId: string): void {
  for (let n = 1; n <= MAX_QUARANTINE_FILES; n++) {
    try {
      rmSync(quarantinePath(folder, sessionId, n));
    } catch (error) {
      if (hasCode(error, "ENOENT")) return;
      throw error;
    }
  }
}

function openFree(folder: string, sessionId: string): { readonly fd: number; readonly path: string } {
  for (let n = 1; n <= MAX_QUARANTINE_FILES; n++) {
    const path = quarantinePath(folder, sessionId, n);
    try {
      return { fd: openSync(path, "wx", FILE_MODE), path };
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
  throw new Error(
    `${folder}: session ${sessionId} has ${MAX_QUARANTINE_FILES} quarantine files. Something keeps changing its transcript: find out what, then delete or move them.`,
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

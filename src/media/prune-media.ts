import type { Dirent } from "node:fs";
import { lstat, opendir, readdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isMediaFile, isMonth, monthOf } from "./media-path.ts";

/** How long files are kept, in milliseconds: far longer than any post waits, long enough to look back at. */
export const MEDIA_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Most files one call deletes when nothing else is said: some tenths of a second of disk. */
const DEFAULT_LIMIT = 1_000;
/** Most files one call looks at: where a month has more young ones than that, its old ones wait until those are old too. */
const MAX_LOOKED_AT = 50_000;

/** What one call has done. */
export interface Pruned {
  readonly deletedFiles: number;
  /** False when it stopped at its limit: call again soon. */
  readonly isDone: boolean;
}

/**
 * Deletes files last written more than `keptMs` ago, the oldest months first: only plain files with names of ours in
 * months' folders, nothing through a symbolic link. Throws when the disk does.
 */
export async function pruneMedia(
  folder: string,
  options: { readonly nowMs: number; readonly keptMs?: number; readonly limit?: number },
): Promise<Pruned> {
  const { nowMs, keptMs = MEDIA_KEPT_MS, limit = DEFAULT_LIMIT } = options;
  const untilMs = nowMs - keptMs;
  const left = { toDelete: limit, toLookAt: MAX_LOOKED_AT };
  for (const month of await monthsUpTo(folder, monthOf(untilMs))) {
    await pruneMonth(join(folder, month), untilMs, left);
    if (left.toDelete === 0 || left.toLookAt === 0) return { deletedFiles: limit - left.toDelete, isDone: false };
    if (month < monthOf(untilMs)) await removeIfEmpty(join(folder, month));
  }
  return { deletedFiles: limit - left.toDelete, isDone: true };
}

/** Months' folders that may hold files as old as that, the oldest first. */
async function monthsUpTo(folder: string, last: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(orNothing);
  return entries
    .filter((entry) => entry.isDirectory() && isMonth(entry.name) && entry.name <= last)
    .map(({ name }) => name)
    .sort();
}

async function pruneMonth(path: string, untilMs: number, left: { toDelete: number; toLookAt: number }): Promise<void> {
  for await (const entry of await opendir(path)) {
    if (left.toDelete === 0 || left.toLookAt === 0) return;
    left.toLookAt--;
    if (!entry.isFile() || !isMediaFile(entry.name)) continue;
    const file = join(path, entry.name);
    const { mtimeMs } = await lstat(file);
    if (mtimeMs >= untilMs) continue;
    await unlink(file);
    left.toDelete--;
  }
}

function orNothing(error: unknown): readonly Dirent[] {
  if (hasCode(error, "ENOENT")) return []; // no file has come yet
  throw error;
}

async function removeIfEmpty(path: string): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!hasCode(error, "ENOTEMPTY") && !hasCode(error, "EEXIST")) throw error;
  });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

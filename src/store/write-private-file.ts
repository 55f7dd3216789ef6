import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./sync-files.ts";

const FILE_MODE = 0o600;
/** UTF-16 units written at a time: bounds memory, and lets others in between. */
const CHUNK_LENGTH = 256 * 1024;

/** Makes a file (0600) of these pieces in one step, on disk when it resolves and without blocking. Whatever fails leaves what was there, and rejects with the file's name. */
export async function writePrivateFile(path: string, pieces: Iterable<string>): Promise<void> {
  const temporaryPath = `${path}.tmp`;
  try {
    await rm(temporaryPath, { force: true }); // of one that died
    await writeAll(temporaryPath, pieces);
    await rename(temporaryPath, path);
    syncFolder(dirname(path));
  } catch (cause) {
    // Where even that is refused, the next one removes it.
    await rm(temporaryPath, { force: true }).catch(() => {});
    throw new Error(`${path}: could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

async function writeAll(path: string, pieces: Iterable<string>): Promise<void> {
  await using file = await open(path, "wx", FILE_MODE);
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_LENGTH) continue;
    await file.appendFile(chunk);
    chunk = "";
  }
  await file.appendFile(chunk);
  await file.sync();
}

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder for its owner alone, with those above it; one that is there stays as it is. Throws an error that names the folder and the system's reason.
 * Node's own recursive `mkdir` never ends where the system refuses a new folder in one that is there, as below `/proc`.
 */
export function makeFolder(path: string): void {
  try {
    makeOwn(path);
  } catch (cause) {
    throw new Error(`${path}: can't be made (${cause instanceof Error ? cause.message : String(cause)}).`, { cause });
  }
}

function makeOwn(path: string): void {
  if (isFolder(path)) return;
  if (!isFolder(dirname(path))) makeOwn(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Permissions of group and others. */
const OTHERS = 0o077;
/** How deep folders are looked into: a report is in the folder of its job, a file in that of its message. */
const MAX_DEPTH = 2;
/** Most names that are looked at: doctor is waited for, and what it names is mended all at once. */
const MAX_NAMES = 20_000;

/**
 * What of a data directory people beside its owner may read or enter, the directory itself first; empty on Windows, which has no
 * such bits. Files count only where one gets to them: in a closed folder they are closed themselves.
 */
export function openToOthers(dataDir: string): readonly string[] {
  if (process.platform === "win32") return [];
  const open: string[] = [];
  let left = MAX_NAMES;
  const visit = (folder: string, depth: number) => {
    const isOpen = isOpenToOthers(folder);
    if (isOpen) open.push(folder);
    if (depth > MAX_DEPTH) return;
    for (const entry of entriesOf(folder)) {
      if (left-- <= 0) return;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path, depth + 1);
      else if (isOpen && entry.isFile() && isOurs(entry.name, depth) && isOpenToOthers(path)) open.push(path);
    }
  };
  visit(dataDir, 0);
  return open;
}

// The configuration is looked at by itself, whether it holds a secret or not.
function isOurs(name: string, depth: number): boolean {
  return depth > 0 || !/\.ya?ml$/.test(name);
}

function isOpenToOthers(path: string): boolean {
  const mode = lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & OTHERS) !== 0;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone meanwhile, or not this user's to read: then it is not this user's to mend either.
    return [];
  }
}

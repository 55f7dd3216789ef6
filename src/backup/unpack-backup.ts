import { chmodSync, createReadStream, existsSync, readFileSync } from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { extract } from "tar";
import { StoreError } from "../store/store-error.ts";
import { fileDigest } from "./file-digest.ts";
import { type BackupManifest, backupManifest, isBackupPath, MANIFEST_FILE, SUMS_FILE } from "./manifest.ts";

/** The first bytes of every SQLite database. */
const SQLITE_HEADER = "SQLite format 3\0";
/** How much a good archive shrinks at most: text shrinks to a tenth, a file of one letter to a thousandth. */
const MAX_RATIO = 2_000;

/**
 * Unpacks a backup into an empty folder and checks every byte of it against its sums. A bare database file, as an upgrade
 * leaves one, is copied instead; it has no manifest. Throws a `StoreError` that says what is wrong; the folder is then to be thrown away.
 */
export async function unpackBackup(path: string, folder: string): Promise<BackupManifest | null> {
  if (!existsSync(path)) throw new StoreError("not_found", `${path}: there is no such file.`);
  if (await isDatabase(path)) {
    const copy = join(folder, "parley.db");
    await copyFile(path, copy);
    chmodSync(copy, 0o600);
    return null;
  }
  const foreign: string[] = [];
  try {
    await extract({
      file: path,
      cwd: folder,
      strict: true,
      maxDecompressionRatio: MAX_RATIO,
      preserveOwner: false,
      fmode: 0o600,
      dmode: 0o700,
      filter: (name, entry) => {
        const isWanted = isBackupPath(name) && "type" in entry && (entry.type === "File" || entry.type === "Directory");
        if (!isWanted) foreign.push(name);
        return isWanted;
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("corrupt", `${path}: not a backup of Parley, or a damaged one (${reason}).`, cause);
  }
  const [first] = foreign;
  if (first !== undefined) {
    throw new StoreError("invalid", `${path}: holds ${JSON.stringify(first)}, which no backup of Parley does.`);
  }
  const manifest = readManifest(path, folder);
  await checkSums(path, folder);
  return manifest;
}

async function isDatabase(path: string): Promise<boolean> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_HEADER.length), 0, SQLITE_HEADER.length, 0);
  return buffer.toString("latin1", 0, bytesRead) === SQLITE_HEADER;
}

function readManifest(path: string, folder: string): BackupManifest {
  try {
    return backupManifest.parse(JSON.parse(readFileSync(join(folder, MANIFEST_FILE), "utf8")));
  } catch (cause) {
    throw new StoreError(
      "invalid",
      `${path}: has no manifest that this version of Parley reads. A newer Parley may have made it.`,
      cause,
    );
  }
}

async function checkSums(path: string, folder: string): Promise<void> {
  const damaged = (what: string) => new StoreError("corrupt", `${path}: ${what} is not as it was backed up.`);
  if (!existsSync(join(folder, SUMS_FILE))) throw damaged(SUMS_FILE);
  let hasDatabase = false;
  for await (const line of createInterface({ input: createReadStream(join(folder, SUMS_FILE)) })) {
    const [sum = "", name = ""] = line.split("  ");
    if (!isBackupPath(name) || !existsSync(join(folder, name)) || fileDigest(join(folder, name)) !== sum) {
      throw damaged(JSON.stringify(name.slice(0, 300)));
    }
    chmodSync(join(folder, name), 0o600); // an archive made elsewhere may say otherwise
    hasDatabase ||= name === "parley.db";
  }
  if (!hasDatabase) throw damaged("parley.db");
}

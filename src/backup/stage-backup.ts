import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { allSessions } from "../store/all-sessions.ts";
import { walkMessages } from "../store/messages.ts";
import { openConnection } from "../store/sqlite.ts";
import { openTranscriptFiles } from "../store/transcript-files.ts";
import { transcriptLine } from "../store/transcript-line.ts";
import { fileDigest } from "./file-digest.ts";
import { type BackupManifest, isBackupPath, MANIFEST_FILE, SUMS_FILE } from "./manifest.ts";

/** What was put together, and what was not. */
export interface StagedBackup {
  readonly manifest: BackupManifest;
  /** Every file, relative to the folder, the manifest first. */
  readonly files: readonly string[];
  /** Files of the data directory that are not Parley's by their name: left where they are. */
  readonly leftOut: readonly string[];
}

/**
 * Puts a backup together in an empty folder while a daemon may be writing: the database as of one moment, the transcripts
 * written anew from that database (so that they equal it line by line), and links to files that never change.
 */
export async function stageBackup(
  dataDir: string,
  folder: string,
  options: { readonly hasMedia: boolean; readonly version: string; readonly nowMs: number },
): Promise<StagedBackup> {
  const source = openConnection(join(dataDir, "parley.db"), "read");
  try {
    await source.backup(join(folder, "parley.db"));
  } finally {
    source.close();
  }
  const counts = writeTranscripts(folder);
  const leftOut: string[] = [];
  const taken = [
    ...takeFolder(dataDir, folder, "transcripts", leftOut, isQuarantine),
    ...(options.hasMedia ? takeFolder(dataDir, folder, "media", leftOut, () => true) : []),
    ...takeFolder(dataDir, folder, "jobs", leftOut, () => true),
  ];
  const manifest: BackupManifest = {
    format: 1,
    version: options.version,
    createdAt: new Date(options.nowMs).toISOString(),
    ...counts.totals,
    hasMedia: options.hasMedia,
  };
  writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  const files = [MANIFEST_FILE, "parley.db", ...counts.files, ...taken];
  const sums = files.map((path) => `${fileDigest(join(folder, path))}  ${path}\n`);
  writeFileSync(join(folder, SUMS_FILE), sums.join(""), { mode: 0o600 });
  return { manifest, files: [MANIFEST_FILE, SUMS_FILE, ...files.slice(1)], leftOut };
}

/** Writes every transcript of the copied database. */
function writeTranscripts(folder: string): {
  readonly totals: Pick<BackupManifest, "sessions" | "messages">;
  readonly files: readonly string[];
} {
  const reader = openConnection(join(folder, "parley.db"), "read");
  using transcripts = openTranscriptFiles({ folder: join(folder, "transcripts") });
  const files: string[] = [];
  let sessions = 0;
  let messages = 0;
  try {
    for (const session of allSessions(reader)) {
      sessions += 1;
      if (session.messageCount === 0) continue;
      messages += session.messageCount;
      transcripts.replace(session.sessionId, linesOf(walkMessages(reader, session.row)));
      files.push(`transcripts/${session.sessionId}.jsonl`);
    }
  } finally {
    reader.close();
  }
  return { totals: { sessions, messages }, files };
}

function* linesOf(messages: ReturnType<typeof walkMessages>): Generator<string> {
  for (const message of messages) yield transcriptLine(message);
}

/** Lines that were taken out of a transcript and kept for the operator. */
function isQuarantine(name: string): boolean {
  return /\.quarantine-\d+\.jsonl$/.test(name);
}

/** Links the files of a folder of the data directory; returns their paths. A link costs nothing, and these files never change once they have their name. */
function takeFolder(
  dataDir: string,
  folder: string,
  name: string,
  leftOut: string[],
  isWanted: (name: string) => boolean,
): readonly string[] {
  const root = join(dataDir, name);
  if (!existsSync(root)) return [];
  const taken: string[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    const path = join(name, relative(root, join(entry.parentPath, entry.name)));
    if (entry.isDirectory() || !isWanted(entry.name) || entry.name.endsWith(".part")) continue;
    if (!entry.isFile() || !isBackupPath(path)) {
      leftOut.push(path);
      continue;
    }
    const to = join(folder, path);
    mkdirSync(join(to, ".."), { recursive: true, mode: 0o700 });
    if (linkOrCopy(join(dataDir, path), to)) taken.push(path);
  }
  return taken;
}

/** False when the file was removed meanwhile: the daemon prunes old ones. */
function linkOrCopy(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
  }
  try {
    copyFileSync(from, to); // another disk, or a file system without links
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}

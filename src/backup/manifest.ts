import { z } from "zod";

/** What a backup says of itself: `manifest.json`, the first file of the archive. */
export const backupManifest = z.object({
  /** The layout of the archive. */
  format: z.literal(1),
  /** The Parley that made it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  sessions: z.int().min(0),
  messages: z.int().min(0),
  /** Whether people's files (`media/`) are in it. */
  hasMedia: z.boolean(),
});

/** The parsed manifest. */
export type BackupManifest = z.output<typeof backupManifest>;

/** The file that names every other one with its SHA-256, as `sha256sum` writes and checks it. */
export const SUMS_FILE = "SHA256SUMS";
/** The file that says what the archive is. */
export const MANIFEST_FILE = "manifest.json";

/** Every name Parley gives a file or a folder: no dots at the start, nothing that a shell or another system reads its own way. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,200}$/;
/** Parts of the longest path: `media/<month>/<file>`, `jobs/<name>/<time>.md`. */
const MAX_PARTS = 3;

/** The folders of a data directory that a backup takes along, in order. */
export const BACKUP_FOLDERS = ["transcripts", "media", "jobs"] as const;
const FOLDERS: readonly string[] = BACKUP_FOLDERS;

/** Whether a path inside an archive is one that a backup may hold: nothing else is ever unpacked. */
export function isBackupPath(path: string): boolean {
  const parts = path.replace(/\/$/, "").split("/");
  const [first = ""] = parts;
  if (parts.length === 1) return ["parley.db", MANIFEST_FILE, SUMS_FILE, ...FOLDERS].includes(first);
  return FOLDERS.includes(first) && parts.length <= MAX_PARTS && parts.every((part) => PLAIN_NAME.test(part));
}

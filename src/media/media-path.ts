import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Ends the name of a file that is still being written. */
export const UNFINISHED = "part";

const FOLDER_MODE = 0o700;
/** Hexadecimal digits that tell one file from another: 64 bits. */
const DIGEST_LENGTH = 16;
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;
const FILE = /^(?:\d{1,16}-\d{1,2}|out|in)-[0-9a-f]{16}\.[a-z0-9]{1,5}$/;

/** The month's folder, `yyyy-mm` in UTC, at a time in milliseconds since 1970. */
export function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** The month before, as `monthOf`. */
export function monthBefore(atMs: number): string {
  const at = new Date(atMs);
  return monthOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 0));
}

/**
 * The name, without extension, of the `n`th file of an inbox row. What it is fetched by is part of it: after a restored
 * backup the same number may belong to another message, which must not be given this one's file.
 */
export function inboundStem(inboxId: number, n: number, reference: string): string {
  const digest = createHash("sha256").update(reference).digest("hex").slice(0, DIGEST_LENGTH);
  return `${inboxId}-${n}-${digest}`;
}

/** The name, without extension, of a file that goes out; `random` is 16 hexadecimal digits. */
export function outboundStem(random: string): string {
  return `out-${random}`;
}

/** The name, without extension, of a file that was uploaded and waits for the message it belongs to; `random` as above. */
export function uploadStem(random: string): string {
  return `in-${random}`;
}

/** Whether a folder in the media folder is ours by its name. */
export function isMonth(name: string): boolean {
  return MONTH.test(name);
}

/** Whether a file in a month's folder is ours by its name, the unfinished ones included. */
export function isMediaFile(name: string): boolean {
  return FILE.test(name);
}

/** Whether a path ends as those of our files do: `…/<month>/<file>`. */
export function isMediaPath(path: string): boolean {
  const [month = "", name = ""] = path.split(/[\\/]/).slice(-2);
  return isMonth(month) && isMediaFile(name) && !name.endsWith(`.${UNFINISHED}`);
}

/** Makes the month's folder (0700) and returns its path; throws when something else is in its place, a symbolic link included. */
export async function openMonth(folder: string, month: string): Promise<string> {
  const path = join(folder, month);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await mkdir(path, { mode: FOLDER_MODE }).catch((error: unknown) => {
    if (!isExisting(error)) throw error;
  });
  if (!(await lstat(path)).isDirectory())
    throw new Error(`${path}: expected a folder of our own, found something else`);
  return path;
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

import { lstatSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { extensions } from "./media-types.ts";
import { HEAD_BYTES } from "./signatures.ts";

/** A file that an earlier attempt fetched. */
export interface CompleteFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
}

/**
 * The file of that stem, whatever its extension, in the first of the folders that has it; null when there is none. An
 * empty file counts as none: that is what a machine which lost its power may leave.
 */
export async function findComplete(folders: readonly string[], stem: string): Promise<CompleteFile | null> {
  // Asking for each extension costs the same however many files a month has; a listing would not.
  for (const folder of folders) {
    for (const extension of extensions) {
      const path = join(folder, `${stem}.${extension}`);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isFile() && found.size > 0) return { path, sizeBytes: found.size, head: await headOf(path) };
    }
  }
  return null;
}

async function headOf(path: string): Promise<Uint8Array> {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

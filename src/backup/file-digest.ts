import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** Read at a time: past this, larger chunks are no faster. */
const CHUNK_BYTES = 256 * 1024;

/** The SHA-256 of a file's bytes, 64 hexadecimal digits. */
export function fileDigest(path: string): string {
  const digest = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const fd = openSync(path, "r");
  try {
    for (;;) {
      const read = readSync(fd, chunk);
      if (read === 0) return digest.digest("hex");
      digest.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
}

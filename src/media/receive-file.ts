import { type FileHandle, open, rm } from "node:fs/promises";
import { orAbort } from "./or-abort.ts";
import { HEAD_BYTES } from "./signatures.ts";

/** What became of a stream that was to be written. */
export type Received =
  /** It is at the path, whole. */
  | { readonly kind: "whole"; readonly sizeBytes: number; readonly head: Uint8Array }
  /** It has more than `maxBytes`; nothing is left of it. */
  | { readonly kind: "too_large" };

const FILE_MODE = 0o600;

/**
 * Writes a stream to a new file (0600), counting; what an earlier attempt left at the path is replaced. Throws when the
 * stream breaks, the disk refuses or the signal aborts; then, as after `too_large`, no file is left.
 */
export async function receiveFile(
  path: string,
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Received> {
  const chunks = stream[Symbol.asyncIterator]();
  let isWhole = false;
  try {
    await rm(path, { force: true });
    await using file = await open(path, "wx", FILE_MODE); // never through a symbolic link
    const received = await copy(chunks, file, maxBytes, signal);
    isWhole = received.kind === "whole";
    return received;
  } finally {
    if (!isWhole) {
      // A stream that hangs would not come back from this, and what it says no longer matters.
      chunks.return?.().catch(() => undefined);
      await rm(path, { force: true });
    }
  }
}

async function copy(
  chunks: AsyncIterator<Uint8Array>,
  file: FileHandle,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Received> {
  const head = Buffer.alloc(HEAD_BYTES);
  let sizeBytes = 0;
  for (;;) {
    const next = await orAbort(chunks.next(), signal);
    if (next.done === true) return { kind: "whole", sizeBytes, head: head.subarray(0, sizeBytes) };
    if (sizeBytes + next.value.length > maxBytes) return { kind: "too_large" };
    if (sizeBytes < HEAD_BYTES) head.set(next.value.subarray(0, HEAD_BYTES - sizeBytes), sizeBytes);
    await file.appendFile(next.value);
    sizeBytes += next.value.length;
  }
}

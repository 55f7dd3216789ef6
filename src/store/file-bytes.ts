import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A file read a chunk at a time, at any place: its size is no matter. */
export interface FileBytes extends Disposable {
  /** As it was when the file was opened. */
  readonly sizeBytes: number;
  /** The bytes from `start` on, as far as a chunk has them; empty at the end. Valid until the next call. */
  chunkFrom(start: number): Buffer;
  /** A copy of the bytes from `start` up to `end`. */
  slice(start: number, end: number): Buffer;
}

/** Read at a time: past this, larger chunks are no faster. */
const CHUNK_BYTES = 64 * 1024;

/** Opens a file for reading; null when there is none. */
export function openBytes(path: string): FileBytes | null {
  const fd = openIfThere(path);
  if (fd === null) return null;
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let chunkStart = 0;
  let chunkEnd = 0;

  return {
    sizeBytes: fstatSync(fd).size,
    chunkFrom(start) {
      if (start < chunkStart || start >= chunkEnd) {
        chunkStart = start;
        chunkEnd = start + readSync(fd, buffer, 0, CHUNK_BYTES, start);
      }
      return buffer.subarray(start - chunkStart, chunkEnd - chunkStart);
    },
    slice(start, end) {
      const copy = Buffer.alloc(end - start);
      return copy.subarray(0, readSync(fd, copy, 0, copy.length, start));
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Whether the file has these bytes at `start`. */
export function hasBytesAt(file: FileBytes, start: number, bytes: Buffer): boolean {
  for (let done = 0; done < bytes.length; ) {
    const chunk = file.chunkFrom(start + done);
    const size = Math.min(chunk.length, bytes.length - done);
    if (size === 0 || chunk.compare(bytes, done, done + size, 0, size) !== 0) return false;
    done += size;
  }
  return true;
}

/** The bytes from `start` up to `end` in chunks, each valid until the next is asked for. */
export function* chunksOf(file: FileBytes, start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const chunk = file.chunkFrom(at).subarray(0, end - at);
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
}

import { closeSync, fstatSync, ftruncateSync, openSync, readSync, type Stats, statSync, writeSync } from "node:fs";

/** Files kept open for appending, the least recently used closed when there are too many. */
export interface AppendFiles {
  /** Appends whole lines with one write; throws, with the file as it was, when that fails. */
  append(path: string, lines: string): void;
  /** Closes the file if it is open. */
  drop(path: string): void;
  /** Closes all. */
  close(): void;
}

interface AppendFile {
  readonly fd: number;
  readonly inode: number;
  readonly device: number;
  /** Where our last write ended; -1 before the first. */
  endBytes: number;
}

const FILE_MODE = 0o600;
const NEWLINE = 0x0a;

/** Opens nothing yet: a file is opened (and created, 0600) at its first append. `maxOpen` is at least 1. */
export function openAppendFiles(maxOpen: number): AppendFiles {
  const open = new Map<string, AppendFile>(); // least recently used first

  function drop(path: string): void {
    const file = open.get(path);
    if (file === undefined) return;
    open.delete(path);
    closeSync(file.fd);
  }

  /** The open file that the path leads to now: one deleted, moved or replaced from outside is left for its successor. */
  function fileAt(path: string): { readonly file: AppendFile; readonly sizeBytes: number } {
    const cached = open.get(path);
    const found = cached && statSync(path, { throwIfNoEntry: false });
    if (cached && found && isSame(cached, found)) {
      open.delete(path);
      open.set(path, cached);
      return { file: cached, sizeBytes: found.size };
    }
    drop(path);
    for (const oldest of open.keys()) {
      if (open.size < maxOpen) break;
      drop(oldest);
    }
    const fd = openSync(path, "a+", FILE_MODE);
    const stats = fstatSync(fd);
    const file = { fd, inode: stats.ino, device: stats.dev, endBytes: -1 };
    open.set(path, file);
    return { file, sizeBytes: stats.size };
  }

  return {
    append(path, lines) {
      try {
        const { file, sizeBytes } = fileAt(path);
        const isSound = sizeBytes === file.endBytes || endsInNewline(file.fd, sizeBytes);
        // A torn line stays a line of its own, for healing to find, instead of spoiling the next one.
        const bytes = Buffer.from(isSound ? lines : `\n${lines}`);
        writeWhole(file.fd, bytes, sizeBytes);
        file.endBytes = sizeBytes + bytes.length;
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const advice = "Check the free space and the owner of the folder; what the database has is intact.";
        throw new Error(`${path}: could not append to the transcript's mirror: ${reason}. ${advice}`, { cause });
      }
    },
    drop,
    close() {
      for (const path of [...open.keys()]) drop(path);
    },
  };
}

function isSame(file: AppendFile, found: Stats): boolean {
  return file.inode === found.ino && file.device === found.dev;
}

function endsInNewline(fd: number, sizeBytes: number): boolean {
  if (sizeBytes === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, sizeBytes - 1);
  return last[0] === NEWLINE;
}

/** Writes all or nothing at the end of a file of that size: a disk that fills up takes a part and fails at the next. */
function writeWhole(fd: number, bytes: Buffer, sizeBytes: number): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written);
  } catch (cause) {
    if (written === 0) throw cause;
    cutBack(fd, sizeBytes, cause);
    throw cause;
  }
}

function cutBack(fd: number, sizeBytes: number, because: unknown): void {
  try {
    ftruncateSync(fd, sizeBytes);
  } catch (cause) {
    throw new AggregateError([because, cause], "the write stopped half-way and the torn line could not be cut off");
  }
}

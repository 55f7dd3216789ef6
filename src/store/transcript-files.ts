import { mkdirSync, rmSync, truncateSync } from "node:fs";
import { openAppendFiles } from "./append-files.ts";
import { openBytes } from "./file-bytes.ts";
import { replaceFile } from "./replace-file.ts";
import { syncFile, syncFolder } from "./sync-files.ts";
import { replacementPath, transcriptPath } from "./transcript-path.ts";
import { removeQuarantine } from "./transcript-quarantine.ts";

/** The folder of transcripts: one JSONL file a session. Everything is synchronous and throws when the disk refuses. */
export interface TranscriptFiles extends Disposable {
  readonly folder: string;
  /**
   * Appends whole lines with one write, not synced: SQLite has them already. A write that fails leaves the file as it
   * was; where even that fails, the torn line is left to `healTranscript`.
   */
  append(sessionId: string, lines: string): void;
  /** Makes the file these lines, at once and on disk: a reader finds the old ones or the new ones. */
  replace(sessionId: string, lines: Iterable<string>): void;
  /** Cuts the file to its first `sizeBytes`. */
  truncate(sessionId: string, sizeBytes: number): void;
  /** Puts the file on disk, if there is one. */
  sync(sessionId: string): void;
  /** The file's last bytes, all of it when it is shorter; null when there is no file. */
  tail(sessionId: string, maxBytes: number): Buffer | null;
  /** Deletes the file and what was quarantined from it, for good: no power failure brings them back. Nothing happens when there is none. */
  remove(sessionId: string): void;
  /** Closes every file. It may be used again afterwards, and closed again. */
  close(): void;
}

/** Files kept open by default: a chat that is active finds its own, and the process stays far from the usual 1024. */
const MAX_OPEN_FILES = 128;
/** Written at a time when a whole file is, in UTF-16 units: few system calls, little memory. */
const BATCH_LENGTH = 256 * 1024;
const FOLDER_MODE = 0o700;

/** Opens (and creates, 0700) the folder of transcripts. Session ids are checked: they become file names. */
export function openTranscriptFiles(options: {
  readonly folder: string;
  readonly maxOpenFiles?: number;
}): TranscriptFiles {
  const { folder, maxOpenFiles = MAX_OPEN_FILES } = options;
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const appended = openAppendFiles(maxOpenFiles);
  const close = () => appended.close();

  return {
    folder,
    append(sessionId, lines) {
      appended.append(transcriptPath(folder, sessionId), lines);
    },
    replace(sessionId, lines) {
      const path = transcriptPath(folder, sessionId);
      appended.drop(path);
      replaceFile(path, replacementPath(folder, sessionId), lineBatches(lines));
    },
    truncate(sessionId, sizeBytes) {
      truncateSync(transcriptPath(folder, sessionId), sizeBytes);
    },
    sync(sessionId) {
      syncFile(transcriptPath(folder, sessionId));
    },
    tail(sessionId, maxBytes) {
      using file = openBytes(transcriptPath(folder, sessionId));
      return file === null ? null : file.slice(Math.max(0, file.sizeBytes - maxBytes), file.sizeBytes);
    },
    remove(sessionId) {
      const path = transcriptPath(folder, sessionId);
      appended.drop(path);
      rmSync(replacementPath(folder, sessionId), { force: true });
      removeQuarantine(folder, sessionId);
      rmSync(path, { force: true });
      syncFolder(folder);
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Joins lines to texts of about `BATCH_LENGTH`. */
export function* lineBatches(lines: Iterable<string>): Generator<string> {
  let batch = "";
  for (const line of lines) {
    batch += line;
    if (batch.length < BATCH_LENGTH) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}

import { createHash, hash } from "node:crypto";
import { chunksOf, type FileBytes, hasBytesAt, openBytes } from "./file-bytes.ts";
import { lineBatches, type TranscriptFiles } from "./transcript-files.ts";
import { transcriptPath } from "./transcript-path.ts";
import { type ByteRange, writeQuarantine } from "./transcript-quarantine.ts";

/** What healing found and did. */
export type HealReport =
  | { readonly kind: "whole" }
  | {
      readonly kind: "healed";
      /** Lines the file lacked. */
      readonly appended: number;
      /** Numbers (1-based, in the file as it was) of the lines taken out. */
      readonly quarantined: readonly number[];
      /** Where they are now, in that order and byte for byte; null when there were none. */
      readonly quarantineFile: string | null;
      /** There was no file. */
      readonly rebuilt: boolean;
    };

/** The lines at the start of the file that are as they should be. */
interface SoundPart {
  readonly lines: number;
  readonly sizeBytes: number;
  /** No line is expected after them. */
  readonly isAll: boolean;
}

interface FileLine extends ByteRange {
  readonly number: number;
  readonly isTorn: boolean;
}

const NEWLINE = 0x0a;

/**
 * Makes a session's file the exact mirror of `expected` (the lines SQLite would write, each with its newline; asked for
 * up to four times, always the same). A line that the file has more often than it is expected is foreign: edited by hand,
 * corrupt, or left by a rewrite that died; it is copied to quarantine before the file is touched. A last line without a
 * newline is only cut off when it begins a line that is expected there. Lines at a wrong place are put right.
 *
 * The file is read in chunks; from the first difference on, some 100 bytes a line are held. Dying half-way leaves a file
 * that lags, or a second copy in quarantine: healing again finishes it.
 */
export function healTranscript(
  files: TranscriptFiles,
  sessionId: string,
  expected: () => Iterable<string>,
): HealReport {
  using file = openBytes(transcriptPath(files.folder, sessionId));
  if (file === null) {
    const appended = appendAll(files, sessionId, expected());
    if (appended === 0) return { kind: "whole" };
    return { kind: "healed", appended, quarantined: [], quarantineFile: null, rebuilt: true };
  }
  const sound = soundPart(file, expected());
  const isLonger = file.sizeBytes > sound.sizeBytes;
  if (sound.isAll && !isLonger) return { kind: "whole" };

  const missing = () => Iterator.from(expected()).drop(sound.lines);
  const foreign = isLonger ? foreignLines(file, sound, missing) : { lines: [], known: 0 };
  const quarantineFile =
    foreign.lines.length === 0 ? null : writeQuarantine(files.folder, sessionId, file, foreign.lines);
  if (isLonger) files.truncate(sessionId, sound.sizeBytes);
  const written = appendAll(files, sessionId, missing());
  return {
    kind: "healed",
    appended: written - foreign.known,
    quarantined: foreign.lines.map((line) => line.number),
    quarantineFile,
    rebuilt: false,
  };
}

/**
 * Whether the file ends exactly with these lines (the session's last, or all of them), reading no more than that:
 * cheap enough for every opening, and blind to what happened further up.
 */
export function quickCheck(
  files: TranscriptFiles,
  sessionId: string,
  lastLines: readonly string[],
  isWholeHistory: boolean,
): boolean {
  const lines = Buffer.from(lastLines.join(""));
  const tail = files.tail(sessionId, lines.length + 1);
  if (tail === null) return isWholeHistory && lines.length === 0;
  if (isWholeHistory) return tail.equals(lines);
  return tail[0] === NEWLINE && tail.subarray(1).equals(lines);
}

function soundPart(file: FileBytes, expected: Iterable<string>): SoundPart {
  let lines = 0;
  let sizeBytes = 0;
  for (const line of expected) {
    const bytes = Buffer.from(line);
    if (!hasBytesAt(file, sizeBytes, bytes)) return { lines, sizeBytes, isAll: false };
    lines += 1;
    sizeBytes += bytes.length;
  }
  return { lines, sizeBytes, isAll: true };
}

/** The lines after the sound part that are not expected there, in any order, and how many are. */
function foreignLines(
  file: FileBytes,
  sound: SoundPart,
  missing: () => Iterable<string>,
): { readonly lines: readonly FileLine[]; readonly known: number } {
  const awaited = new Map<string, number>();
  for (const line of missing()) {
    const digest = hash("sha256", line, "base64");
    awaited.set(digest, (awaited.get(digest) ?? 0) + 1);
  }
  const lines: FileLine[] = [];
  let known = 0;
  for (const line of fileLines(file, sound)) {
    const digest = digestOf(file, line);
    const count = awaited.get(digest) ?? 0;
    if (count > 0) {
      awaited.set(digest, count - 1);
      known += 1;
    } else if (!line.isTorn || !beginsOneOf(file, line, missing())) {
      lines.push(line);
    }
  }
  return { lines, known };
}

/** The lines after the sound part, newline included; a last one without it is torn. */
function* fileLines(file: FileBytes, sound: SoundPart): Generator<FileLine> {
  let number = sound.lines + 1;
  let start = sound.sizeBytes;
  for (let end = start; end < file.sizeBytes; ) {
    const chunk = file.chunkFrom(end);
    if (chunk.length === 0) return;
    const newlineAt = chunk.indexOf(NEWLINE);
    end += newlineAt === -1 ? chunk.length : newlineAt + 1;
    const isTorn = newlineAt === -1;
    if (isTorn && end < file.sizeBytes) continue;
    yield { number, start, end, isTorn };
    number += 1;
    start = end;
  }
}

function digestOf(file: FileBytes, { start, end }: ByteRange): string {
  const first = file.chunkFrom(start).subarray(0, end - start);
  if (first.length === end - start) return hash("sha256", first, "base64"); // leaves less garbage than an object each
  const digest = createHash("sha256");
  for (const chunk of chunksOf(file, start, end)) digest.update(chunk);
  return digest.digest("base64");
}

function beginsOneOf(file: FileBytes, torn: ByteRange, lines: Iterable<string>): boolean {
  const sizeBytes = torn.end - torn.start;
  for (const line of lines) {
    const bytes = Buffer.from(line);
    if (bytes.length > sizeBytes && hasBytesAt(file, torn.start, bytes.subarray(0, sizeBytes))) return true;
  }
  return false;
}

function appendAll(files: TranscriptFiles, sessionId: string, lines: Iterable<string>): number {
  let count = 0;
  const counted = Iterator.from(lines).map((line) => {
    count += 1;
    return line;
  });
  for (const batch of lineBatches(counted)) files.append(sessionId, batch);
  return count;
}

import type { Draft } from "./append-message.ts";
import type { FileBytes } from "./file-bytes.ts";
import { isFields } from "./portable-index.ts";
import { readTranscriptLine } from "./transcript-line.ts";

/** A line of a transcript that is to be imported: a message, or why it is none. Numbers are 1-based; blank lines count but do not appear. */
export type ReadLine =
  | { readonly kind: "message"; readonly line: number; readonly message: Draft }
  | { readonly kind: "refused"; readonly line: number; readonly why: string };

/** Longest line that is read: an image inside a message fits, a file that is no transcript does not fill the memory. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Reads a transcript, ours or another gateway's, as far as it went when the file was opened. Times without a zone are of
 * `timeZone`; a message without a time gets that of the one before it, the first one `startedAtMs`.
 */
export function* readTranscriptFile(
  file: FileBytes,
  options: { readonly timeZone: string; readonly startedAtMs: number },
): Generator<ReadLine, void> {
  let unknownAtMs = options.startedAtMs;
  for (const { line, text, isTorn } of textLines(file)) {
    if (text === null) {
      yield {
        kind: "refused",
        line,
        why: `expected UTF-8 text of at most ${MAX_LINE_BYTES} bytes, got something else`,
      };
    } else if (text.trim() !== "") {
      const reading = readTranscriptLine(text, { timeZone: options.timeZone, unknownAtMs });
      if (reading.ok) {
        unknownAtMs = reading.message.atMs;
        yield { kind: "message", line, message: withWellFormedText(reading.message) };
      } else {
        const torn = isTorn ? "the file ends within this line: " : "";
        yield { kind: "refused", line, why: torn + (isSessionMeta(text) ? SESSION_META : reading.why) };
      }
    }
  }
}

interface TextLine {
  readonly line: number;
  /** Null when it is too long or no UTF-8. */
  readonly text: string | null;
  /** The last line, when no newline ends it. */
  readonly isTorn: boolean;
}

function* textLines(file: FileBytes): Generator<TextLine, void> {
  let line = 1;
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  for (let at = 0; at < file.sizeBytes; ) {
    const chunk = file.chunkFrom(at).subarray(0, file.sizeBytes - at);
    if (chunk.length === 0) break;
    const newlineAt = chunk.indexOf(NEWLINE);
    const part = newlineAt === -1 ? chunk : chunk.subarray(0, newlineAt);
    sizeBytes += part.length;
    // A copy: the chunk is only valid until the next one is read.
    if (sizeBytes <= MAX_LINE_BYTES) parts.push(Buffer.from(part));
    at += newlineAt === -1 ? part.length : part.length + 1;
    if (newlineAt === -1 && at < file.sizeBytes) continue;
    yield { line, text: sizeBytes <= MAX_LINE_BYTES ? decode(Buffer.concat(parts)) : null, isTorn: newlineAt === -1 };
    line += 1;
    parts = [];
    sizeBytes = 0;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null; // how a fatal decoder says that it is no UTF-8
    throw error;
  }
}

/** Half a surrogate pair has no UTF-8 form: stored, it would read back as another character than its JSONL line says. */
function withWellFormedText(message: Draft): Draft {
  return {
    ...message,
    content: message.content.toWellFormed(),
    messageId: message.messageId?.toWellFormed() ?? null,
    senderId: message.senderId?.toWellFormed() ?? null,
    senderName: message.senderName?.toWellFormed() ?? null,
  };
}

const SESSION_META = "session_meta is the other gateway's note on model and tools, not part of the conversation";

function isSessionMeta(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) && value.role === "session_meta";
  } catch (error) {
    if (error instanceof SyntaxError) return false; // the reason that readTranscriptLine gave stands
    throw error;
  }
}

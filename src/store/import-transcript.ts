import { statSync } from "node:fs";
import { appendMessage, type TranscriptTarget } from "./append-message.ts";
import { type FileBytes, openBytes } from "./file-bytes.ts";
import { walkMessages } from "./messages.ts";
import { missingLines } from "./missing-lines.ts";
import { type ReadLine, readTranscriptFile } from "./read-transcript-file.ts";
import { selectSession, updateMessageCount } from "./sessions.ts";
import type { SessionStore } from "./store.ts";
import { StoreError } from "./store-error.ts";
import type { Tx } from "./writer.ts";

/** A line that was not imported, and why; 0 is the file as a whole. */
export interface LineProblem {
  readonly line: number;
  readonly why: string;
}

/** What came of one transcript. */
export interface TranscriptImport {
  /** Lines added. */
  readonly messages: number;
  readonly problems: readonly LineProblem[];
}

type NewMessage = Extract<ReadLine, { kind: "message" }>;

/** Messages appended in one transaction: the daemon's own writes wait tens of milliseconds for it, not seconds. */
const MAX_BATCH = 500;
/** Text appended in one transaction, in UTF-16 units, so that huge messages do not sit in memory by the hundred. */
const MAX_BATCH_LENGTH = 4 * 1024 * 1024;
/** Problems listed of one file; one more says how many there are: a file of garbage must not fill the report. */
const MAX_PROBLEMS = 1_000;

/**
 * Appends the messages of a transcript file that a session does not have yet, in the file's order, after those it has; so a
 * history never gets shorter, and importing a file again adds nothing. Afterwards the session's own JSONL file is compared
 * with its rows. A file that is not there is a problem only when the index says that something was said.
 */
export async function importTranscript(
  store: SessionStore,
  target: TranscriptTarget,
  path: string,
  options: { readonly timeZone: string; readonly startedAtMs: number; readonly isExpected: boolean },
): Promise<TranscriptImport> {
  const opened = openTranscript(path);
  if (opened.kind === "unreadable") return { messages: 0, problems: [{ line: 0, why: opened.why }] };
  if (opened.kind === "missing") {
    const why = "the index says that something was said in this session, and there is no such file";
    return { messages: 0, problems: options.isExpected ? [{ line: 0, why }] : [] };
  }
  using file = opened.file;
  const problems: LineProblem[] = [];
  let messages = 0;
  let batch: NewMessage[] = [];
  let length = 0;

  const flush = async () => {
    const given = batch;
    batch = [];
    length = 0;
    const known = await store.write((tx) => appendBatch(tx, target, given));
    messages += given.length - known.length;
    for (const { line } of known)
      problems.push({ line, why: "message_id: the transcript has a message of this id already, with other words" });
  };

  const lines = readTranscriptFile(file, options);
  for (const line of missingLines(lines, walkMessages(store.reader, target.row))) {
    if (line.kind === "refused") {
      problems.push({ line: line.line, why: line.why });
      continue;
    }
    batch.push(line);
    length += line.message.content.length;
    if (batch.length >= MAX_BATCH || length >= MAX_BATCH_LENGTH) await flush();
  }
  if (batch.length > 0) await flush();
  if (messages > 0) store.healTranscript(target.sessionId);
  return { messages, problems: bounded(problems) };
}

/** Appends messages and returns those that the store refuses because it has one of the same platform id. */
function appendBatch(tx: Tx, target: TranscriptTarget, batch: readonly NewMessage[]): readonly NewMessage[] {
  const session = selectSession(tx, target.sessionId);
  if (session === null || session.end_reason === "delete")
    throw new StoreError("not_found", `session ${target.sessionId} was deleted while it was imported.`);
  let seq = session.message_count;
  const known = batch.filter(({ message }) => {
    const isNew = appendMessage(tx, target, seq + 1, message);
    if (isNew) seq += 1;
    return !isNew;
  });
  updateMessageCount(tx, target.row, seq);
  return known;
}

type Opened =
  | { readonly kind: "open"; readonly file: FileBytes }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly why: string };

function openTranscript(path: string): Opened {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    // A pipe would block the whole program.
    if (stats?.isFile() === false) return { kind: "unreadable", why: "expected a file, got something else" };
    const file = stats === undefined ? null : openBytes(path);
    return file === null ? { kind: "missing" } : { kind: "open", file };
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return { kind: "unreadable", why: `expected a file that can be read, got ${String(error.code)}` };
  }
}

function bounded(problems: readonly LineProblem[]): readonly LineProblem[] {
  const sorted = problems.toSorted((one, other) => one.line - other.line);
  const next = sorted[MAX_PROBLEMS];
  if (next === undefined) return sorted;
  const why = `this line and ${sorted.length - MAX_PROBLEMS - 1} after it were not imported either`;
  return [...sorted.slice(0, MAX_PROBLEMS), { line: next.line, why }];
}

import { statSync } from "node:fs";
import { join } from "node:path";
import { isTimeZone } from "../session/wall-clock.ts";
import { importTranscript, type TranscriptImport } from "./import-transcript.ts";
import { type ImportedSession, readImportedSession } from "./imported-session.ts";
import { placeImported, raiseActivity } from "./place-imported.ts";
import { isFields, kindOf } from "./portable-index.ts";
import type { SessionStore } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** What an import did. Keys, file names and reasons may hold other people's text. */
export interface ImportReport {
  /** Sessions that were not here before. */
  readonly imported: number;
  /** Sessions that were here and got messages they lacked; those that lacked nothing are not counted. */
  readonly updated: number;
  /** Sessions that were not imported, by the key of their entry. */
  readonly skipped: readonly { readonly key: string; readonly why: string }[];
  /** Messages added. */
  readonly messages: number;
  /** Lines of transcripts that were not imported; line 0 is the file as a whole. */
  readonly lines: readonly { readonly file: string; readonly line: number; readonly why: string }[];
}

/** Sessions worked on at once: their rows share a transaction, and so many files are open at most. */
const SESSIONS_AT_ONCE = 32;

/**
 * Imports a `sessions.json`, our own or the Python gateway's, with the transcripts `<session_id>.jsonl` in `transcriptsDir` (null:
 * none). Each session stands alone: one that cannot be read is reported, and the rest goes on. Doing it again
 * changes nothing, and finishes what a crash interrupted. Ended sessions keep their reason; `place-imported.ts` says what
 * becomes of one whose key has a live session here.
 *
 * Times without a zone are wall-clock times of `timeZone`. Throws a `StoreError` when nothing can be imported at all (the JSON is
 * no index, the folder or the time zone is none) and when the database or the disk refuses.
 */
export async function importIndex(
  store: SessionStore,
  json: unknown,
  transcriptsDir: string | null,
  options: { readonly timeZone: string },
): Promise<ImportReport> {
  const { timeZone } = options;
  if (!isTimeZone(timeZone))
    throw new StoreError(
      "invalid",
      `timeZone: expected an IANA name such as "Europe/Berlin", got ${JSON.stringify(timeZone)}.`,
    );
  if (transcriptsDir !== null && statSync(transcriptsDir, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new StoreError("invalid", `${transcriptsDir}: expected the folder of the transcripts, got no folder.`);
  if (!isFields(json))
    throw new StoreError(
      "invalid",
      `sessions.json: expected an object, session key to entry, got ${kindOf(json)}. Nothing was imported.`,
    );

  const skipped: { key: string; why: string }[] = [];
  const lines: { file: string; line: number; why: string }[] = [];
  const count = { imported: 0, updated: 0, messages: 0 };
  for (const group of groupsOf(sessionsOf(json, timeZone))) {
    const outcomes = await Promise.all(group.map((item) => importSession(store, item, transcriptsDir, timeZone)));
    for (const outcome of outcomes) {
      if (outcome.kind === "skipped") {
        skipped.push({ key: outcome.key, why: outcome.why });
        continue;
      }
      const { messages, problems } = outcome.transcript;
      if (outcome.isNew) count.imported += 1;
      else if (messages > 0) count.updated += 1;
      count.messages += messages;
      for (const problem of problems) lines.push({ file: outcome.file, ...problem });
    }
  }
  return { ...count, skipped, lines };
}

type Item =
  | { readonly kind: "session"; readonly key: string; readonly session: ImportedSession }
  | { readonly kind: "skipped"; readonly key: string; readonly why: string };

/** The sessions of an index in the file's order, but those of one key oldest first: the live one comes last. */
function* sessionsOf(json: Readonly<Record<string, unknown>>, timeZone: string): Generator<Item, void> {
  const seen = new Set<string>();
  const read = (key: string, value: unknown, where: string): Item => {
    const reading = readImportedSession(value, timeZone);
    if (!reading.ok) return { kind: "skipped", key, why: where + reading.why };
    if (seen.has(reading.session.sessionId))
      return { kind: "skipped", key, why: `${where}session_id: expected each one once, got one that came before` };
    seen.add(reading.session.sessionId);
    return { kind: "session", key, session: reading.session };
  };
  for (const [key, entry] of Object.entries(json)) {
    const ended = isFields(entry) ? (entry.ended_sessions ?? []) : [];
    if (!Array.isArray(ended))
      yield { kind: "skipped", key, why: `ended_sessions: expected a list, got ${kindOf(ended)}` };
    else for (const [place, session] of ended.entries()) yield read(key, session, `ended_sessions: ${place}: `);
    const hasNoLive = isFields(entry) && "ended_sessions" in entry && !("session_id" in entry);
    if (!hasNoLive) yield read(key, entry, "");
  }
}

function* groupsOf(items: Iterable<Item>): Generator<readonly Item[], void> {
  let group: Item[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < SESSIONS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

type Outcome =
  | Extract<Item, { kind: "skipped" }>
  | {
      readonly kind: "done";
      readonly isNew: boolean;
      readonly file: string;
      readonly transcript: TranscriptImport;
    };

async function importSession(
  store: SessionStore,
  item: Item,
  transcriptsDir: string | null,
  timeZone: string,
): Promise<Outcome> {
  if (item.kind === "skipped") return item;
  const { key, session } = item;
  const placement = await place(store, session);
  if (placement.kind === "refused") return { kind: "skipped", key, why: placement.why };

  const file = `${session.originalId}.jsonl`;
  const isNew = placement.kind === "new";
  if (transcriptsDir === null) return { kind: "done", isNew, file, transcript: { messages: 0, problems: [] } };
  const transcript = await importTranscript(store, placement.target, join(transcriptsDir, file), {
    timeZone,
    startedAtMs: session.createdAtMs,
    isExpected: session.hasTranscript,
  });
  if (!isNew && transcript.messages > 0) await store.write((tx) => raiseActivity(tx, store.rules, session));
  return { kind: "done", isNew, file, transcript };
}

async function place(store: SessionStore, session: ImportedSession) {
  try {
    return await store.write((tx) => placeImported(tx, store.rules, session));
  } catch (error) {
    // What a field may hold is the store's own rule: it belongs to this entry, not to the import.
    if (error instanceof StoreError && error.kind === "invalid")
      return { kind: "refused", why: error.message } as const;
    throw error;
  }
}

import { sql } from "kysely";
import type { PortableEntry } from "./portable-index.ts";
import { portableSession } from "./portable-session.ts";
import type { SessionRow } from "./session.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** Sessions read at a time: bounds memory, not the export. */
const PAGE = 500;

const page = statement<{ key: string; row: number; limit: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    // A row value, because SQLite seeks in the index for it: "greater, or equal and greater" would scan from the start.
    .where(sql<boolean>`(session_key, id) > (${p.key}, ${p.row})`)
    .where(sql<boolean>`end_reason IS NOT 'delete'`)
    .orderBy("session_key")
    .orderBy("id")
    .limit(p.limit),
);

/**
 * The index of all sessions as the text of a `sessions.json`, in pieces to be written one after the other: key to entry, in
 * order of keys, so that the same store gives the same text. Deleted sessions are not in it, and neither are transcripts: their
 * files are the ones in `transcripts/`. One page of sessions and those of one key are in memory at a time. It need not be
 * consumed at once: sessions of a key are read in one statement (but for a key at the end of a page), so one that ends meanwhile
 * is there once, live or ended.
 */
export function* exportIndex(reader: Reader): Generator<string, void> {
  let separator = "{";
  for (const [key, sessions] of sessionsByKey(reader)) {
    // JSON has no raw line breaks inside texts: every one of them is layout.
    const entry = JSON.stringify(entryOf(reader, sessions), null, 2).replaceAll("\n", "\n  ");
    yield `${separator}\n  ${JSON.stringify(key)}: ${entry}`;
    separator = ",";
  }
  yield separator === "{" ? "{}\n" : "\n}\n";
}

function entryOf(reader: Reader, sessions: readonly SessionRow[]): PortableEntry {
  const live = sessions.find((session) => session.live === 1);
  const ended = sessions.filter((session) => session.live === 0);
  return {
    ...(live === undefined ? {} : portableSession(reader, live)),
    ...(ended.length === 0 ? {} : { ended_sessions: ended.map((session) => portableSession(reader, session)) }),
  };
}

function* sessionsByKey(reader: Reader): Generator<readonly [key: string, sessions: readonly SessionRow[]], void> {
  let sessions: SessionRow[] = [];
  for (const session of allByKey(reader)) {
    const first = sessions[0];
    if (first !== undefined && first.session_key !== session.session_key) {
      yield [first.session_key, sessions];
      sessions = [];
    }
    sessions.push(session);
  }
  const first = sessions[0];
  if (first !== undefined) yield [first.session_key, sessions];
}

function* allByKey(reader: Reader): Generator<SessionRow, void> {
  for (let key = "", row = 0; ; ) {
    const found = reader.all(page, { key, row, limit: PAGE });
    yield* found;
    const last = found.at(-1);
    if (last === undefined || found.length < PAGE) return;
    key = last.session_key;
    row = last.id;
  }
}

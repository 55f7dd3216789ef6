import { type Selectable, sql } from "kysely";
import { messageOf } from "./messages.ts";
import { indexTail } from "./search-index.ts";
import { wordsOf } from "./search-words.ts";
import { snippetOf } from "./snippet.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { MessagesTable } from "./tables.ts";
import type { TranscriptMessage } from "./transcript-line.ts";

// The full-text index is SQLite's own (FTS5): another database brings its own search and replaces this file and `search-index.ts`.

/** One line that was found. */
export interface SearchHit {
  /** Pass the last hit's as `before` for the next page. */
  readonly cursor: number;
  readonly sessionId: string;
  readonly title: string | null;
  readonly platform: string;
  readonly message: TranscriptMessage;
  /** The text around the first word found, at most 200 characters. */
  readonly snippet: string;
}

/** Where and how far to search. */
export interface SearchFilter {
  /** Only this session. */
  readonly sessionRow?: number;
  readonly platform?: string;
  /** Only hits older than this cursor. */
  readonly before?: number;
  /** 1…100. */
  readonly limit: number;
}

const newestIn = (index: "messages_fts" | "messages_tail") =>
  statement<{ query: string; before: number; limit: number; platform: string }>()((db, p) =>
    db
      .selectFrom(index)
      .innerJoin("messages", (join) => join.on(sql<boolean>`messages.id = ${sql.ref(index)}.rowid`))
      .innerJoin("sessions", "sessions.id", "messages.session")
      .selectAll("messages")
      .select(["sessions.session_id", "sessions.title", "sessions.platform"])
      .where(sql<boolean>`${sql.ref(index)} MATCH ${p.query}`)
      .where(sql<number>`${sql.ref(index)}.rowid`, "<", p.before)
      .where(sql<boolean>`(${p.platform} = '' OR sessions.platform = ${p.platform})`)
      .orderBy(sql`${sql.ref(index)}.rowid`, "desc")
      .limit(p.limit),
  );
const newest = newestIn("messages_fts");
const newestOfTail = newestIn("messages_tail");

/**
 * The newest messages that contain every word of `text` (the last one may be unfinished), newest first.
 * Words are matched without case, and without the accents of Latin letters. Newest first, not best first: ranking reads every match, 1.9 s for a common word among a million.
 */
export function searchMessages(db: Reader & Pick<Connection, "run">, text: string, filter: SearchFilter): SearchHit[] {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  if (filter.platform !== undefined && !hasSessions(db, filter.platform)) return [];
  const hasTail = indexTail(db);
  const find = (ending: "" | "*") => findWords(db, words, { ...filter, ending, hasTail });
  const whole = find("");
  // An unfinished word costs as much as all that begins so is long, a whole one only what is shown: it is looked up where the page has room.
  const found = whole.length >= filter.limit || (words.at(-1) ?? "").length < MIN_PREFIX_LENGTH ? whole : find("*");
  return found.map((row) => ({
    cursor: row.id,
    sessionId: row.session_id,
    title: row.title,
    platform: row.platform,
    message: messageOf(row as Selectable<MessagesTable>),
    snippet: snippetOf(row.content, words),
  }));
}

const anyOfPlatform = statement<{ platform: string }>()((db, p) =>
  db.selectFrom("sessions").select("id").where("live", "in", [0, 1]).where("platform", "=", p.platform).limit(1),
);
/** Where a platform has no session, looking through all matches for one of its messages is in vain. */
function hasSessions(db: Reader, platform: string): boolean {
  return db.get(anyOfPlatform, { platform }) !== null;
}

/** Shorter unfinished words are found only as whole ones. */
const MIN_PREFIX_LENGTH = 2;

function findWords(
  db: Reader,
  words: readonly string[],
  filter: SearchFilter & { readonly ending: "" | "*"; readonly hasTail: boolean },
) {
  const { ending, sessionRow, limit } = filter;
  const phrases = words.map((word, place) => `"${word}"${place === words.length - 1 ? ending : ""}`);
  const scope = sessionRow === undefined ? "" : ` AND scope : "s${sessionRow}"`;
  const wanted = {
    query: `{text} : (${phrases.join(" AND ")})${scope}`,
    before: filter.before ?? Number.MAX_SAFE_INTEGER,
    platform: filter.platform ?? "",
  };
  const tail = filter.hasTail ? db.all(newestOfTail, { ...wanted, limit }) : [];
  return tail.length >= limit ? tail : [...tail, ...db.all(newest, { ...wanted, limit: limit - tail.length })];
}

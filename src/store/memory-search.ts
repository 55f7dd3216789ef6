import { createHash } from "node:crypto";
import { sql } from "kysely";
import { spacedIdeographs, wordsOf } from "./search-words.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

// The full-text index is SQLite's own (FTS5): another database brings its own search and replaces this file.

type Run = Pick<Connection, "run">;

const insertion = statement<{ rowid: number; text: string; scope: string }>()((db, p) =>
  db.insertInto("memory_fts").values({ rowid: p.rowid, text: p.text, scope: p.scope }),
);
/** Lets recall find a placement; `saidIn` is the scope of the chat it comes from, null where nobody knows. */
export function indexMemory(
  db: Run,
  placement: { readonly id: number; readonly scope: string; readonly text: string; readonly saidIn: string | null },
): void {
  const { id, scope, text, saidIn } = placement;
  const words = [scope, ...(saidIn === null ? [] : [scopeInChat(scope, saidIn)])].map(scopeWord);
  db.run(insertion, { rowid: id, text: spacedIdeographs(text), scope: words.join(" ") });
}

/** What of a scope was said in one chat: it is looked for like a scope. */
export function scopeInChat(scope: string, chat: string): string {
  // No scope has a blank in it. A hash, because it is stored with each memory.
  return `${IN_CHAT}${createHash("sha256").update(`${scope} ${chat}`).digest("hex").slice(0, IN_CHAT_DIGITS)}`;
}

const IN_CHAT = "in ";
const IN_CHAT_DIGITS = 32;

const removal = statement<{ rowid: number }>()((db, p) => db.deleteFrom("memory_fts").where("rowid", "=", p.rowid));
/** Hides a placement from recall. */
export function unindexMemory(db: Run, id: number): void {
  db.run(removal, { rowid: id });
}

const found = statement<{ query: string; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_fts")
    .select("rowid")
    .where(sql<boolean>`memory_fts MATCH ${p.query}`)
    .orderBy("rowid", "desc")
    .limit(p.limit),
);

/** A placement that has words of a query. */
export interface MemoryMatch {
  readonly id: number;
  /** 0 to 1: the share of the query's words it has, the rarer ones counting more. */
  readonly textScore: number;
}

/**
 * Placements looked at for each word, the newest. A word that more have than that says little about any of them, and what the others
 * are is told by the rarer words: so that recall costs the same, however much is remembered. (bm25 reads every match.)
 */
const MATCHES_A_WORD = 64;
/** A word of which nothing is known weighs this much in the share: no more than a rare one. */
const WEIGHT_OF_ONE = Math.log(1 + MATCHES_A_WORD);

/** Nearly every memory has such words, which makes them the dearest to look for; yet "Go" and "C" are things to ask for. */
const isArticle = /^[a-z]{1,2}$/;
/** With so many others they can be done without. */
const ENOUGH_WORDS = 3;

/** The numbers of what a scope, or a scope in one chat, has, newest first. */
export function findNewestMemory(db: Reader, scope: string, limit: number): number[] {
  return db.all(found, { query: `scope : "${scopeWord(scope)}"`, limit }).map(({ rowid }) => rowid);
}

/** What the given scopes (or scopes in a chat), and only they, have on the words of a text, best first; `limit` at most. */
export function findMemory(db: Reader, scopes: readonly string[], text: string, limit: number): MemoryMatch[] {
  const words = [...new Set(wordsOf(text.toLowerCase()))];
  const telling = words.filter((word) => !isArticle.test(word));
  return findMemoryOfWords(db, scopes, telling.length < ENOUGH_WORDS ? words : telling, limit);
}

/** As `findMemory`, of words in lower case; each of them is a query. */
function findMemoryOfWords(
  db: Reader,
  scopes: readonly string[],
  words: readonly string[],
  limit: number,
): MemoryMatch[] {
  const having = havingWord(db, scopes);
  const scores = new Map<number, number>();
  let total = 0;
  for (const word of words) {
    const { ids, weight } = having(word);
    total += weight;
    for (const id of ids) scores.set(id, (scores.get(id) ?? 0) + weight);
  }
  return [...scores]
    .map(([id, score]) => ({ id, textScore: score / total }))
    .sort((one, other) => other.textScore - one.textScore || other.id - one.id)
    .slice(0, limit);
}

/** What the given scopes have on one word in lower case, the newest, and how much the word tells; each call is a query. */
export function havingWord(
  db: Reader,
  scopes: readonly string[],
): (word: string) => { readonly ids: readonly number[]; readonly weight: number } {
  const within = scopes.map((scope) => `"${scopeWord(scope)}"`).join(" OR ");
  return (word) => {
    if (scopes.length === 0) return { ids: [], weight: WEIGHT_OF_ONE };
    const forms = formsOf(word).map((form) => `"${spacedIdeographs(form).trim()}"`);
    const query = `{text} : (${forms.join(" OR ")}) AND scope : (${within})`;
    const ids = db.all(found, { query, limit: MATCHES_A_WORD }).map(({ rowid }) => rowid);
    return { ids, weight: ids.length === 0 ? WEIGHT_OF_ONE : Math.log(1 + MATCHES_A_WORD / ids.length) };
  };
}

const foundBefore = statement<{ query: string; before: number; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_fts")
    .select("rowid")
    .where(sql<boolean>`memory_fts MATCH ${p.query}`)
    .where("rowid", "<", p.before)
    .orderBy("rowid", "desc")
    .limit(p.limit),
);
/** The numbers of placements that have every word of a text, newest first, in the given scopes or (for null) in all. */
export function findAllWords(
  db: Reader,
  search: {
    readonly scopes: readonly string[] | null;
    readonly text: string;
    readonly before: number;
    readonly limit: number;
  },
): number[] {
  const { scopes, text, before, limit } = search;
  const words = [...new Set(wordsOf(text.toLowerCase()))];
  if (words.length === 0 || scopes?.length === 0) return [];
  const each = words.map(
    (word) =>
      `{text} : (${formsOf(word)
        .map((form) => `"${form}"`)
        .join(" OR ")})`,
  );
  const within = scopes === null ? [] : [`scope : (${scopes.map((scope) => `"${scopeWord(scope)}"`).join(" OR ")})`];
  return db.all(foundBefore, { query: [...each, ...within].join(" AND "), before, limit }).map(({ rowid }) => rowid);
}

/** One word that no other scope has, whatever a tokenizer makes of its punctuation. */
function scopeWord(scope: string): string {
  return `s${Buffer.from(scope).toString("hex")}`;
}

const LATIN_NOUN = /^[a-z]{4,}$/;
/** A word and its plural, or singular: what is remembered of "invoices" is found by "invoice". */
function formsOf(word: string): string[] {
  if (!LATIN_NOUN.test(word)) return [word];
  return word.endsWith("s") ? [word, word.slice(0, -1)] : [word, `${word}s`];
}

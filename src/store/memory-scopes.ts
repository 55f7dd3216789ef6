import { sql } from "kysely";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** A scope that remembers something, and how much. */
export interface ScopeCount {
  readonly scope: string;
  readonly memories: number;
}

const counts = statement<{ after: string; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_placements")
    .select(["scope", (eb) => eb.fn.countAll<number>().as("memories")])
    .where("scope", ">", p.after)
    .where("state", "in", ["active", "preliminary"])
    .groupBy("scope")
    .orderBy("scope")
    .limit(p.limit),
);
/** The scopes after `after`, in order of their texts, that remember something now. */
export function selectScopeCounts(db: Reader, after: string, limit: number): ScopeCount[] {
  return db.all(counts, { after, limit });
}

const scopes = statement<{ after: string; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_placements")
    .select("scope")
    .distinct()
    .where("scope", ">", p.after)
    .orderBy("scope")
    .limit(p.limit),
);
/** The scopes after `after`, in order of their texts, that remember something or have. */
export function selectScopes(db: Reader, after: string, limit: number): string[] {
  return db.all(scopes, { after, limit }).map(({ scope }) => scope);
}

const likeScope = statement<{ from: string; to: string; end: string }>()((db, p) =>
  db
    .selectFrom("memory_placements")
    .select("scope")
    .distinct()
    .where("scope", ">=", p.from)
    .where("scope", "<", p.to)
    .where(sql<boolean>`substr(scope, -length(${p.end})) = ${p.end}`),
);
const likeAuthor = statement<{ from: string; to: string; end: string }>()((db, p) =>
  db
    .selectFrom("memory_placements")
    .select("author")
    .distinct()
    .where("author", ">=", p.from)
    .where("author", "<", p.to)
    .where(sql<boolean>`substr(author, -length(${p.end})) = ${p.end}`),
);
/** The scopes that begin and end so and remember something, or that something was said by: one person, or chat, at several bots. */
export function selectScopesLike(db: Reader, begin: string, end: string): string[] {
  // The highest character of all: what begins so comes before it.
  const range = { from: begin, to: `${begin}\u{10ffff}`, end };
  const authors = db.all(likeAuthor, range).flatMap(({ author }) => (author === null ? [] : [author]));
  return [...new Set([...db.all(likeScope, range).map(({ scope }) => scope), ...authors])];
}

import { sql } from "kysely";
import { foldText } from "./fold-text.ts";
import { type Session, type SessionRow, sessionOf } from "./session.ts";
import type { Reader } from "./sqlite.ts";
import { type Statement, statement } from "./statement.ts";
import { StoreError } from "./store-error.ts";

/** Which sessions to list; what is left out does not narrow. */
export interface SessionFilter {
  readonly platform?: string;
  readonly live?: boolean;
  readonly chatType?: string;
  readonly agentId?: string;
  readonly chatId?: string;
  readonly threadId?: string;
  readonly sessionKey?: string;
  /** The person whose session it is; shared sessions belong to nobody. */
  readonly userId?: string;
  readonly tag?: string;
  /** Part of the title, without case and accents. */
  readonly title?: string;
  readonly createdFromMs?: number;
  readonly createdToMs?: number;
  readonly activeFromMs?: number;
  readonly activeToMs?: number;
  /** 1…500; 50 when left out. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly cursor?: string;
}

/** One page of sessions, the most recently active first. */
export interface SessionPage {
  readonly sessions: readonly Session[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500; // a page is one answer of the API and one screen: more is asked for by cursor

/** Lists sessions by last activity, newest first; the order is total, so pages neither repeat nor miss a session that stands still. */
export function listSessions(db: Reader, filter: SessionFilter): SessionPage {
  const limit = Math.min(Math.max(filter.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const position = filter.cursor === undefined ? null : readCursor(filter.cursor);
  const base = { ...bindsOf(filter), limit: limit + 1, ...(position ?? {}) };
  const found = isSelective(filter)
    ? db.all(listing(base), base)
    : branchesOf(db, filter).flatMap((branch) => db.all(listing({ ...base, ...branch }), { ...base, ...branch }));
  found.sort((a, b) => b.last_active_ms - a.last_active_ms || b.id - a.id);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    sessions: page.map((row) => sessionOf(row)),
    next: found.length > limit && last !== undefined ? `${last.last_active_ms}.${last.id}` : null,
  };
}

/** Values by name; which names are there decides the shape of the query. */
type Binds = Readonly<Record<string, string | number>>;

function bindsOf(filter: SessionFilter): Binds {
  const { limit: _limit, cursor: _cursor, live, title, ...rest } = filter;
  const entries = Object.entries(rest).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(entries),
    ...(live === undefined ? {} : { live: live ? 1 : 0 }),
    ...(title === undefined ? {} : { title: foldText(title.normalize("NFC")) }),
  };
}

/** Filters that leave few rows, found by an index of their own and sorted; everything else walks the listing index. */
function isSelective(filter: SessionFilter): boolean {
  return [filter.chatId, filter.sessionKey, filter.userId, filter.tag, filter.title].some(
    (value) => value !== undefined,
  );
}

/** The listing index is ordered by activity within (live, platform): a list over several is merged from one range of each. */
function branchesOf(db: Reader, filter: SessionFilter): Binds[] {
  const lives = filter.live === undefined ? [1, 0] : [filter.live ? 1 : 0];
  return lives.flatMap((live) => {
    const platforms = filter.platform === undefined ? platformsOf(db, live) : [filter.platform];
    return platforms.map((platform) => ({ live, platform }));
  });
}

const nextPlatform = statement<{ live: number; after: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .select("platform")
    .where("live", "=", p.live)
    .where("platform", ">", p.after)
    .orderBy("platform")
    .limit(1),
);
function platformsOf(db: Reader, live: number): string[] {
  const found: string[] = [];
  for (let after = ""; ; ) {
    const next = db.get(nextPlatform, { live, after });
    if (next === null) return found;
    found.push(next.platform);
    after = next.platform;
  }
}

/** One statement a shape of filter, made when first needed. */
const shapes = new Map<string, Statement<Binds, SessionRow>>();

function listing(binds: Binds): Statement<Binds, SessionRow> {
  const names = Object.keys(binds).sort();
  const shape = names.join();
  const known = shapes.get(shape);
  if (known !== undefined) return known;
  const made = listingOf(new Set(names));
  shapes.set(shape, made);
  return made;
}

function listingOf(names: ReadonlySet<string>): Statement<Binds, SessionRow> {
  const selective = ["chatId", "sessionKey", "userId", "tag", "title"].some((name) => names.has(name));
  return statement<Binds>()((db, given) => {
    // Every name the query mentions is bound by the caller: the shape is made of the same names.
    const p = given as Record<keyof SessionFilter | "afterMs" | "afterRow", number>;
    let query = db.selectFrom("sessions").selectAll("sessions").where(sql<boolean>`end_reason IS NOT 'delete'`);
    const compare = (name: string, condition: ReturnType<typeof sql<boolean>>) => {
      if (names.has(name)) query = query.where(condition);
    };
    // "+" keeps the planner on the selective index where there is one.
    compare("live", selective ? sql`+live = ${p.live}` : sql`live = ${p.live}`);
    compare("platform", selective ? sql`+platform = ${p.platform}` : sql`platform = ${p.platform}`);
    compare("chatType", sql`chat_type = ${p.chatType}`);
    compare("agentId", sql`agent = ${p.agentId}`);
    compare("chatId", sql`chat_id = ${p.chatId}`);
    compare("threadId", sql`thread_id = ${p.threadId}`);
    compare("sessionKey", sql`session_key = ${p.sessionKey}`);
    compare("userId", sql`participant = ${p.userId}`);
    compare("tag", sql`id IN (SELECT session FROM session_tags WHERE tag = ${p.tag})`);
    compare("title", sql`title IS NOT NULL AND instr(fold_text(title), ${p.title}) > 0`);
    compare("createdFromMs", sql`created_at_ms >= ${p.createdFromMs}`);
    compare("createdToMs", sql`created_at_ms < ${p.createdToMs}`);
    compare("activeFromMs", sql`last_active_ms >= ${p.activeFromMs}`);
    compare("activeToMs", sql`last_active_ms < ${p.activeToMs}`);
    compare("afterRow", sql`(last_active_ms, id) < (${p.afterMs}, ${p.afterRow})`);
    return query.orderBy("last_active_ms", "desc").orderBy("id", "desc").limit(sql<number>`${p.limit}`);
  });
}

function readCursor(cursor: string): { afterMs: number; afterRow: number } {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor);
  if (match === null)
    throw new StoreError("invalid", "cursor: expected the `next` of an earlier page, got something else.");
  return { afterMs: Number(match[1]), afterRow: Number(match[2]) };
}

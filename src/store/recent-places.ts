import type { RecentPlace } from "../platform/adapter.ts";
import type { ChatType } from "../session/source.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** Most places told of: catch-up asks the platform about each. */
const MAX_PLACES = 500;

interface Wanted {
  platform: string;
  account: string;
  sinceMs: number;
  live: number;
  limit: number;
}
const spokenIn = statement<Wanted>()((db, p) =>
  db
    .selectFrom("sessions")
    .select(["chat_type as chatType", "chat_id as chatId", "thread_id as threadId", "last_active_ms as lastHeardAtMs"])
    .where("live", "=", p.live)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("last_active_ms", ">=", p.sinceMs)
    .orderBy("last_active_ms", "desc")
    .limit(p.limit),
);
const overheardIn = statement<Wanted>()((db, p) =>
  db
    .selectFrom("overheard")
    .select((eb) => [
      "chat_type as chatType",
      "chat_id as chatId",
      "thread_id as threadId",
      eb.fn.max<number>("at_ms").as("lastHeardAtMs"),
    ])
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("at_ms", ">=", p.sinceMs)
    .groupBy(["chat_type", "chat_id", "thread_id"])
    .limit(p.limit),
);

/** The places of a bot in which somebody spoke since then, the latest first. */
export function selectRecentPlaces(db: Reader, platform: string, account: string, sinceMs: number): RecentPlace[] {
  const wanted = { platform, account, sinceMs, limit: MAX_PLACES };
  const heard = [
    ...db.all(spokenIn, { ...wanted, live: 1 }),
    ...db.all(spokenIn, { ...wanted, live: 0 }),
    ...db.all(overheardIn, { ...wanted, live: 0 }),
  ].sort((one, other) => other.lastHeardAtMs - one.lastHeardAtMs);
  const places = new Map<string, RecentPlace>();
  for (const { chatType, chatId, threadId, lastHeardAtMs } of heard) {
    const id = JSON.stringify([chatId, threadId]);
    if (!places.has(id)) places.set(id, { chatType: chatType as ChatType, chatId, threadId, lastHeardAtMs });
  }
  return [...places.values()].slice(0, MAX_PLACES);
}

const dmOf = statement<{ platform: string; account: string; participant: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .select("chat_id")
    .where("participant", "=", p.participant)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_type", "=", "dm")
    .orderBy("id", "desc")
    .limit(1),
);
/** The chat in which a person last spoke with this bot alone, or null. */
export function selectDmOf(db: Reader, platform: string, account: string, userId: string): string | null {
  return db.get(dmOf, { platform, account, participant: userId })?.chat_id ?? null;
}

import { sql } from "kysely";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** Conversations that one person alone has with the bot. */
export interface OwnConversations {
  readonly conversations: number;
  /** Of these, how many were summed up in part or as a whole: a summary may quote what was said. */
  readonly summedUp: number;
}

const own = statement<{ platform: string; account: string; participant: string; limit: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .select(sql<number>`EXISTS (SELECT 1 FROM archives WHERE session = sessions.id)`.as("has_summary"))
    .where("participant", "=", p.participant)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("message_count", ">", 0)
    .limit(p.limit),
);
/** Counts those that are still there, up to `limit`. */
export function countOwnConversations(
  db: Reader,
  of: { readonly platform: string; readonly account: string; readonly userId: string; readonly limit: number },
): OwnConversations {
  const { platform, account, userId: participant, limit } = of;
  const rows = db.all(own, { platform, account, participant, limit });
  return { conversations: rows.length, summedUp: rows.filter((row) => row.has_summary === 1).length };
}

import type { Lane } from "./outbox.ts";
import type { SessionRow } from "./session.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const live = statement<Lane & { limit: number }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("chat_id", "=", p.chatId)
    .where("live", "=", 1)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("thread_id", "is", p.threadId)
    .orderBy("id", "desc")
    .limit(p.limit),
);
/** The live sessions of a place, the newest first: one, or one for each person who speaks there. */
export function selectLiveOfPlace(db: Reader, place: Lane, limit: number): SessionRow[] {
  const { platform, account, chatId, threadId } = place;
  return db.all(live, { platform, account, chatId, threadId, limit });
}

const last = statement<Lane>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("chat_id", "=", p.chatId)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("thread_id", "is", p.threadId)
    .where((eb) => eb.or([eb("end_reason", "is", null), eb("end_reason", "<>", "delete")]))
    .orderBy("id", "desc")
    .limit(1),
);
/** The newest session of a place that was not deleted, live or ended; null when nobody ever spoke there. */
export function selectLastOfPlace(db: Reader, place: Lane): SessionRow | null {
  const { platform, account, chatId, threadId } = place;
  return db.get(last, { platform, account, chatId, threadId });
}

import { derivedTitle } from "../session/derived-title.ts";
import type { SessionRow } from "./session.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

/** Lines looked at from the beginning: a person speaks first, but for imported conversations. */
const LOOK_AHEAD = 20;

const first = statement<{ session: number; through: number }>()((db, p) =>
  db
    .selectFrom("messages")
    .select("content")
    .where("session", "=", p.session)
    .where("seq", "<=", p.through)
    .where("role", "=", "user")
    .where("content", "!=", "")
    .orderBy("seq")
    .limit(1),
);
/** The title a session is listed with: the one it was given, else one made of what a person said first; null when there is neither. */
export function sessionTitle(db: Reader, session: Pick<SessionRow, "id" | "title">): string | null {
  if (session.title !== null) return session.title;
  const words = db.get(first, { session: session.id, through: LOOK_AHEAD })?.content;
  return words === undefined ? null : derivedTitle(words);
}

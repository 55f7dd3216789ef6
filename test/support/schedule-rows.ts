import type { Reader } from "../../src/store/sqlite.ts";
import { statement } from "../../src/store/statement.ts";

const open = statement<object>()((db) =>
  db.selectFrom("inbox").select(["chat_id as chat", "state", "attempts"]).where("state", "in", ["waiting", "running"]),
);
/** Messages that still want a turn. */
export function openMessages(db: Reader) {
  return db.all(open, {});
}

const unsent = statement<object>()((db) =>
  db.selectFrom("outbox").select(["id", "state", "text", "error"]).where("state", "in", ["pending", "growing"]),
);
/** Posts that are not what they are to be yet. */
export function openPosts(db: Reader) {
  return db.all(unsent, {});
}

const ofChat = statement<{ chat: string }>()((db, p) =>
  db.selectFrom("inbox").select(["message_id", "state", "error"]).where("chat_id", "=", p.chat),
);
/** What became of a chat's messages. */
export function messagesIn(db: Reader, chat: string) {
  return db.all(ofChat, { chat });
}

const lines = statement<{ chat: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .innerJoin("messages", "messages.session", "sessions.id")
    .select(["messages.session", "messages.seq", "messages.role", "messages.content"])
    .where("sessions.chat_id", "=", p.chat)
    .orderBy("messages.session")
    .orderBy("messages.seq"),
);
/** A chat's transcripts, one after the other. */
export function linesIn(db: Reader, chat: string) {
  return db.all(lines, { chat });
}

const posts = statement<{ chat: string }>()((db, p) =>
  db.selectFrom("outbox").select(["id", "state", "text"]).where("chat_id", "=", p.chat).orderBy("id"),
);
/** What was to be said in a chat, in order. */
export function postsIn(db: Reader, chat: string) {
  return db.all(posts, { chat });
}

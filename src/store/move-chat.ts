import type { InboundMessage } from "../message/message.ts";
import { keyInChat } from "../session/key.ts";
import { readSessionSource } from "../session/source.ts";
import { moveChatMemory } from "./move-chat-memory.ts";
import { type SessionRow, storedSource } from "./session.ts";
import { updateEnded } from "./session-ends.ts";
import { selectLiveSession } from "./sessions.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { Tx } from "./writer.ts";

type Run = Pick<Connection, "run">;

/** A chat of a bot that has another id from now on. */
export interface MovedChat {
  readonly platform: string;
  readonly account: string;
  readonly fromChatId: string;
  readonly toChatId: string;
}

/** Lets everything of a chat follow it to its new id: sessions, messages that wait, posts that are still to go. Returns how many sessions. */
export function moveChat(tx: Tx, moved: MovedChat, nowMs: number): number {
  const sessions = selectSessionsOfChat(tx, moved);
  for (const session of sessions) {
    const key = keyInChat(session.session_key, moved.toChatId);
    // Whoever wrote in the new chat before the old one was known to be gone has a session there already: it stays the live one.
    if (session.live === 1 && selectLiveSession(tx, key) !== null) {
      updateEnded(tx, { row: session.id, endedAtMs: nowMs, reason: "archive", notice: null });
    }
    const source = { ...readSessionSource(JSON.parse(session.source)), chatId: moved.toChatId };
    tx.run(relocation, { row: session.id, key, chatId: moved.toChatId, source: storedSource(source) });
  }
  for (const row of tx.all(waiting, { chatId: moved.fromChatId, platform: moved.platform, account: moved.account })) {
    if (row.payload === null) continue;
    const message = JSON.parse(row.payload) as InboundMessage;
    const payload = JSON.stringify({ ...message, source: { ...message.source, chatId: moved.toChatId } });
    tx.run(readdressing, { id: row.id, key: keyInChat(row.session_key, moved.toChatId), payload });
  }
  redirectPosts(tx, moved);
  const sessionIds = sessions.map(({ session_id: sessionId }) => sessionId);
  moveChatMemory(tx, moved, sessionIds, nowMs);
  return sessions.length;
}

const ofChat = statement<{ chatId: string; platform: string; account: string }>()((db, p) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .where("chat_id", "=", p.chatId)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account),
);
function selectSessionsOfChat(db: Reader, { fromChatId, platform, account }: MovedChat): SessionRow[] {
  return db.all(ofChat, { chatId: fromChatId, platform, account });
}

const relocation = statement<{ row: number; key: string; chatId: string; source: string }>()((db, p) =>
  db.updateTable("sessions").set({ session_key: p.key, chat_id: p.chatId, source: p.source }).where("id", "=", p.row),
);

// The row keeps its own chat id: it is what the platform may deliver again.
const waiting = statement<{ chatId: string; platform: string; account: string }>()((db, p) =>
  db
    .selectFrom("inbox")
    .select(["id", "session_key", "payload"])
    .where("chat_id", "=", p.chatId)
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("state", "in", ["waiting", "running"]),
);
const readdressing = statement<{ id: number; key: string; payload: string }>()((db, p) =>
  db.updateTable("inbox").set({ session_key: p.key, payload: p.payload }).where("id", "=", p.id),
);

const redirection = statement<{ fromChatId: string; toChatId: string; platform: string; account: string }>()((db, p) =>
  db
    .updateTable("outbox")
    .set({ chat_id: p.toChatId })
    .where("platform", "=", p.platform)
    .where("account", "=", p.account)
    .where("chat_id", "=", p.fromChatId)
    .where("state", "=", "pending"),
);
function redirectPosts(db: Run, moved: MovedChat): void {
  db.run(redirection, moved);
}

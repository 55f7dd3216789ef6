import { type Call, textField } from "./read-call.ts";
import { badRequest, RefusalError } from "./refusal.ts";

/** What a bot is in a chat that it sees. */
export interface ChatStanding {
  /** Absent: `supergroup`, and `private` for people. */
  readonly type?: string;
  readonly isMuted?: boolean;
  /** Absent: `{ status: "member" }`. */
  readonly membership?: Readonly<Record<string, unknown>>;
}

/** The chats a bot may write to. */
export interface Chats {
  /** Somebody speaks there: the bot may answer. */
  know(chatId: number): void;
  /** From now on the bot is refused there. */
  block(chatId: number): void;
  /** The group became a supergroup: calls that name the old id are told the new one. */
  move(fromChatId: number, toChatId: number): void;
  /** What the bot is in a chat from now on, as `getChatMember` says it, and what the chat is. */
  standing(chatId: number, standing: ChatStanding): void;
  typeOf(chatId: string): string;
  /** Whether its members may not write. */
  isMuted(chatId: string): boolean;
  membershipIn(chatId: string): Readonly<Record<string, unknown>>;
  /** The chat of a call; throws what Telegram says about one that can't be written to. */
  checked(call: Call): string;
}

/** No chats. */
export function openChats(): Chats {
  const known = new Set<string>();
  const blocked = new Set<string>();
  const moved = new Map<string, number>();
  const standings = new Map<string, ChatStanding>();
  return {
    know(chatId) {
      known.add(String(chatId));
    },
    block(chatId) {
      blocked.add(String(chatId));
    },
    move(fromChatId, toChatId) {
      moved.set(String(fromChatId), toChatId);
      known.add(String(toChatId));
    },
    standing(chatId, standing) {
      known.add(String(chatId));
      standings.set(String(chatId), standing);
    },
    typeOf: (chatId) => standings.get(chatId)?.type ?? (Number(chatId) > 0 ? "private" : "supergroup"),
    isMuted: (chatId) => standings.get(chatId)?.isMuted === true,
    membershipIn: (chatId) => standings.get(chatId)?.membership ?? { status: "member" },
    checked(call) {
      const chatId = textField(call, "chat_id") ?? "";
      const movedTo = moved.get(chatId);
      if (movedTo !== undefined) {
        throw badRequest("group chat was upgraded to a supergroup chat", { migrate_to_chat_id: movedTo });
      }
      if (blocked.has(chatId)) {
        throw new RefusalError({ code: 403, description: "Forbidden: bot was blocked by the user" });
      }
      if (!known.has(chatId)) throw badRequest("chat not found");
      return chatId;
    },
  };
}

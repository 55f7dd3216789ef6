import type { InboundMessage } from "../src/message/message.ts";
import type { Adapter } from "../src/platform/adapter.ts";
import { type SessionKey, sessionKey } from "../src/session/key.ts";
import { defaultResetPolicy } from "../src/session/reset-policy.ts";
import type { SessionSource } from "../src/session/source.ts";
import type { SessionRules } from "../src/store/resolve-session.ts";

/** The rules of who configures nothing, in UTC. */
export const rules: SessionRules = {
  keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
  resets: { default: defaultResetPolicy("UTC"), byChatType: {}, byPlatform: {} },
};

/** The platform of the store's benchmarks. */
export const PLATFORM = "bench";

/** A direct chat with somebody, by its number. */
export function sourceOf(chat: number): SessionSource {
  return {
    platform: PLATFORM,
    account: "default",
    chatType: "dm",
    chatId: `chat${chat}`,
    threadId: null,
    userId: `user${chat}`,
    userIdAlt: null,
    workspaceId: null,
    parentChatId: null,
    userName: "Ann",
    chatName: null,
    chatTopic: null,
    chatIdAlt: null,
  };
}

/** The key of a chat's conversation. */
export function keyOf(chat: number): SessionKey {
  return sessionKey(sourceOf(chat), rules.keys);
}

/** A message as an adapter hands it over. */
export function inboundOf(chat: number, messageId: string, text: string): InboundMessage {
  return { source: sourceOf(chat), messageId, text, attachments: [] };
}

/** A platform that takes posts at once, but must be asked: storing a post is not delivering it. */
export const instantAdapter: Adapter = {
  platform: PLATFORM,
  account: "default",
  async start() {},
  async stop() {},
  health: () => ({ connected: true, lastEventAtMs: null, detail: "takes everything" }),
  send: async (message) => `post${message.outboxId}`,
};

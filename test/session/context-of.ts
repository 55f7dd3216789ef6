import { sessionKey } from "../../src/session/key.ts";
import type { SessionContext } from "../../src/session/session-context.ts";
import { newSessionId } from "../../src/session/session-id.ts";
import { sourceOf } from "./source-of.ts";

const startMs = Date.UTC(2026, 3, 5, 12);

/** The context of a DM on Telegram, with what matters to a test changed. */
export function contextOf(fields: Partial<SessionContext> = {}): SessionContext {
  const source = fields.source ?? sourceOf({ chatId: "42", userId: "42", userName: "Ann" });
  return {
    source,
    agentId: "main",
    connectedPlatforms: ["telegram", "slack"],
    homeChannels: [
      { platform: "telegram", chatId: "-100", threadId: "7", name: "Ops" },
      { platform: "slack", chatId: "C1", threadId: null, name: null },
    ],
    sessionKey: sessionKey(source, { groupSessionsPerUser: true, threadSessionsPerUser: false }),
    sessionId: newSessionId(startMs, "abcdef12"),
    createdAtMs: startMs,
    updatedAtMs: startMs + 123,
    shared: false,
    notes: null,
    ...fields,
  };
}

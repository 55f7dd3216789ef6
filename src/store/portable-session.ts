import { sourceToJson } from "../session/source-json.ts";
import type { PortableSession } from "./portable-index.ts";
import { type SessionRow, sessionOf } from "./session.ts";
import { selectSessionData, selectTags } from "./session-labels.ts";
import type { Reader } from "./sqlite.ts";

/** A stored session as `sessions.json` says it. */
export function portableSession(reader: Reader, row: SessionRow): PortableSession {
  const { source, usage, ...session } = sessionOf(row);
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    session_key: session.sessionKey,
    session_id: session.sessionId,
    created_at: isoTime(session.createdAtMs),
    updated_at: isoTime(session.lastActiveMs),
    display_name: source.chatName,
    platform: source.platform,
    chat_type: source.chatType,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cache_read_tokens: cacheReadTokens,
    cache_write_tokens: cacheWriteTokens,
    total_tokens: inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens,
    last_prompt_tokens: usage.lastPromptTokens,
    estimated_cost_usd: usage.costUsd,
    cost_status: usage.costKnown ? "estimated" : "unknown",
    origin: sourceToJson(source),
    message_count: session.messageCount,
    ...(session.agentId === "main" ? {} : { agent: session.agentId }),
    ...(session.title === null ? {} : { title: session.title }),
    ...labelsOf(reader, row.id),
    ...(session.openingNote === null ? {} : { opening_note: session.openingNote }),
    ...(row.pending_notice === null ? {} : { pending_notice: row.pending_notice }),
    ...(session.endedAtMs === null ? {} : { ended_at: isoTime(session.endedAtMs) }),
    ...(session.endReason === null ? {} : { end_reason: session.endReason }),
  };
}

function labelsOf(reader: Reader, row: number): Pick<PortableSession, "tags" | "custom_data"> {
  const tags = selectTags(reader, row);
  const data = selectSessionData(reader, row);
  return {
    ...(tags.length === 0 ? {} : { tags }),
    ...(Object.keys(data).length === 0 ? {} : { custom_data: data }),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

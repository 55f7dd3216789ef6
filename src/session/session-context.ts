import { z } from "zod";
import { readSessionKey, type SessionKey } from "./key.ts";
import { readSessionId, type SessionId } from "./session-id.ts";
import type { SessionSource } from "./source.ts";
import { type SourceRecord, sourceFromJson, sourceToJson } from "./source-json.ts";

/** Where a platform's output goes when no chat is named. */
export interface HomeChannel {
  readonly platform: string;
  readonly chatId: string;
  readonly threadId: string | null;
  readonly name: string | null;
}

/** What an agent, a hook and the console are told about the session a turn belongs to. */
export interface SessionContext {
  readonly source: SessionSource;
  readonly agentId: string;
  /** The platforms that are configured, whether their sockets are up or not. */
  readonly connectedPlatforms: readonly string[];
  readonly homeChannels: readonly HomeChannel[];
  readonly sessionKey: SessionKey;
  readonly sessionId: SessionId;
  /** Milliseconds since 1970 UTC. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Whether several people speak in the session: what `isSharedSession` says of its source. */
  readonly shared: boolean;
  /** What the adapter says of its platform; null when it says nothing. */
  readonly notes: string | null;
}

/** The JSON form of a session context; times are ISO 8601 in UTC. */
export interface SessionContextRecord {
  readonly source: SourceRecord;
  readonly agent_id: string;
  readonly connected_platforms: readonly string[];
  readonly home_channels: readonly HomeChannelRecord[];
  readonly session_key: string;
  readonly session_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly shared: boolean;
  readonly notes: string | null;
}

interface HomeChannelRecord {
  readonly platform: string;
  readonly chat_id: string;
  readonly thread_id: string | null;
  readonly name: string | null;
}

/** The JSON form of a session context, for hooks and the console. */
export function sessionContextJson(context: SessionContext): SessionContextRecord {
  return {
    source: sourceToJson(context.source),
    agent_id: context.agentId,
    connected_platforms: [...context.connectedPlatforms],
    home_channels: context.homeChannels.map(({ platform, chatId, threadId, name }) => ({
      platform,
      chat_id: chatId,
      thread_id: threadId,
      name,
    })),
    session_key: context.sessionKey,
    session_id: context.sessionId,
    created_at: new Date(context.createdAtMs).toISOString(),
    updated_at: new Date(context.updatedAtMs).toISOString(),
    shared: context.shared,
    notes: context.notes,
  };
}

const contextRecord = z.object({
  source: z.unknown(),
  agent_id: z.string().min(1),
  connected_platforms: z.array(z.string()),
  home_channels: z.array(
    z.object({
      platform: z.string(),
      chat_id: z.string().min(1),
      thread_id: z.string().nullable(),
      name: z.string().nullable(),
    }),
  ),
  session_key: z.string(),
  session_id: z.string().transform((text, context): SessionId => {
    const id = readSessionId(text);
    if (id !== null) return id;
    context.addIssue("expected YYYYMMDD_HHMMSS_<8 hex>");
    return z.NEVER;
  }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  shared: z.boolean(),
  notes: z.string().nullable(),
});

/** Reads the JSON form back; throws zod's error, a `SourceRecordError` or a `SessionKeyError`, each naming what does not fit. */
export function readSessionContext(json: unknown): SessionContext {
  const record = contextRecord.parse(json);
  return {
    source: sourceFromJson(record.source),
    agentId: record.agent_id,
    connectedPlatforms: record.connected_platforms,
    homeChannels: record.home_channels.map(({ platform, chat_id, thread_id, name }) => ({
      platform,
      chatId: chat_id,
      threadId: thread_id,
      name,
    })),
    sessionKey: readSessionKey(record.session_key),
    sessionId: record.session_id,
    createdAtMs: Date.parse(record.created_at),
    updatedAtMs: Date.parse(record.updated_at),
    shared: record.shared,
    notes: record.notes,
  };
}

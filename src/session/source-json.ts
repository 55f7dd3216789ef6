import { z } from "zod";
import { readSessionSource, type SessionSource } from "./source.ts";

/** The snake_case form of a source in `sessions.json` and session contexts: the fields after `chat_topic` only when they say something. */
export interface SourceRecord {
  readonly platform: string;
  readonly chat_id: string;
  readonly chat_name: string | null;
  readonly chat_type: string;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly thread_id: string | null;
  readonly chat_topic: string | null;
  readonly user_id_alt?: string;
  readonly chat_id_alt?: string;
  readonly account?: string;
  readonly workspace_id?: string;
  readonly parent_chat_id?: string;
}

/** A record is not a source; the message names each wrong field. */
export class SourceRecordError extends Error {
  override readonly name = "SourceRecordError";
}

/** JSON field by TypeScript field. */
const fields = {
  platform: "platform",
  account: "account",
  chatType: "chat_type",
  chatId: "chat_id",
  threadId: "thread_id",
  userId: "user_id",
  userIdAlt: "user_id_alt",
  workspaceId: "workspace_id",
  parentChatId: "parent_chat_id",
  userName: "user_name",
  chatName: "chat_name",
  chatTopic: "chat_topic",
  chatIdAlt: "chat_id_alt",
} as const satisfies Record<keyof SessionSource, string>;
/** Ids that some platforms give as numbers; other writers may have stored them so. */
const idFields: readonly string[] = [
  "chatId",
  "threadId",
  "userId",
  "userIdAlt",
  "workspaceId",
  "parentChatId",
  "chatIdAlt",
];

/** Reads the snake_case form; a missing chat type is a DM, as in older files. Throws `SourceRecordError` for anything that does not fit. */
export function sourceFromJson(record: unknown): SessionSource {
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new SourceRecordError(
      `source: expected an object, got ${Array.isArray(record) ? "a list" : String(record)}.`,
    );
  }
  const given = new Map<string, unknown>(Object.entries({ chat_type: "dm", ...record }));
  const source = Object.fromEntries(
    Object.entries(fields).map(([name, jsonName]) => {
      const value = given.get(jsonName);
      return [name, idFields.includes(name) && Number.isSafeInteger(value) ? String(value) : value];
    }),
  );
  try {
    return readSessionSource(source);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new SourceRecordError(`source: ${error.issues.map(issueLine).join("; ")}.`, { cause: error });
  }
}

/** The snake_case form of a source, as the older files have it wherever they could say the same. */
export function sourceToJson(source: SessionSource): SourceRecord {
  return {
    platform: source.platform,
    chat_id: source.chatId,
    chat_name: source.chatName,
    chat_type: source.chatType,
    user_id: source.userId,
    user_name: source.userName,
    thread_id: source.threadId,
    chat_topic: source.chatTopic,
    ...(source.userIdAlt === null ? {} : { user_id_alt: source.userIdAlt }),
    ...(source.chatIdAlt === null ? {} : { chat_id_alt: source.chatIdAlt }),
    ...(source.account === "default" ? {} : { account: source.account }),
    ...(source.workspaceId === null ? {} : { workspace_id: source.workspaceId }),
    ...(source.parentChatId === null ? {} : { parent_chat_id: source.parentChatId }),
  };
}

function issueLine({ path, message }: z.core.$ZodIssue): string {
  const name = String(path[0]);
  return `${Object.entries(fields).find(([field]) => field === name)?.[1] ?? name}: ${message}`;
}

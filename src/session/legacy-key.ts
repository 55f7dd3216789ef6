import type { KeyOptions } from "./key.ts";

/** The fields of a `sessions.json` origin that the older keys were made of. */
export interface LegacyRecord {
  readonly platform: string;
  readonly chat_type: string;
  readonly chat_id?: string | null;
  readonly thread_id?: string | null;
  readonly user_id?: string | null;
  readonly user_id_alt?: string | null;
}

/**
 * The key the Python gateway gave to this record, byte for byte: for importing its files alone. Its parts are joined
 * unmarked and unescaped, so that different conversations can have one key.
 */
export function legacySessionKey(record: LegacyRecord, options: KeyOptions): string {
  const { platform, chat_type, chat_id, thread_id } = record;
  const perUser = options.groupSessionsPerUser && (options.threadSessionsPerUser || !thread_id);
  const participant = chat_type !== "dm" && perUser ? record.user_id_alt || record.user_id : null;
  return ["agent:main", platform, chat_type, chat_id, thread_id, participant].filter(Boolean).join(":");
}

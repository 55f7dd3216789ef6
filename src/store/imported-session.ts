import { createHash } from "node:crypto";
import { newSessionId, readSessionId, type SessionId } from "../session/session-id.ts";
import type { SessionSource } from "../session/source.ts";
import { SourceRecordError, sourceFromJson } from "../session/source-json.ts";
import { extendedIsoTime } from "./iso-forms.ts";
import { readLegacyTime } from "./legacy-time.ts";
import { isFields, kindOf, portableSessionSchema } from "./portable-index.ts";
import type { EndReason, SessionUsage } from "./session.ts";

/** One session of an index, understood but not yet placed in a store. */
export interface ImportedSession {
  /** Its id in the file; the transcript there is `<originalId>.jsonl`. */
  readonly originalId: string;
  /** Its id with us: the same where it has our form, else one made of it, always the same one. */
  readonly sessionId: SessionId;
  readonly agentId: string;
  readonly source: SessionSource;
  readonly createdAtMs: number;
  readonly lastActiveMs: number;
  readonly ended: { readonly atMs: number; readonly reason: EndReason } | null;
  readonly title: string | null;
  readonly tags: readonly string[];
  readonly customData: Readonly<Record<string, unknown>>;
  readonly openingNote: string | null;
  readonly pendingNotice: "idle" | "daily" | null;
  readonly usage: SessionUsage;
  /** Whether the index says that something was said in it. */
  readonly hasTranscript: boolean;
}

/** A session, or why the entry cannot be one, in words for whoever wrote the file. */
export type ReadSession =
  | { readonly ok: true; readonly session: ImportedSession }
  | { readonly ok: false; readonly why: string };

/** Years with four digits: an id has room for no other. */
const [FIRST_MS, LAST_MS] = [Date.parse("0000-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59.999Z")];

/** Reads one session of an index; times without a zone are wall-clock times of `timeZone`, which exists. */
export function readImportedSession(value: unknown, timeZone: string): ReadSession {
  // The other gateway writes an empty origin where it never knew one.
  if (isFields(value) && isEmptyOrigin(value.origin))
    return refuse("origin: expected where the conversation is (platform, chat_id, …), got nothing");
  const parsed = portableSessionSchema.safeParse(value);
  if (!parsed.success)
    return refuse(parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; "));
  const fields = parsed.data;

  const source = readOrigin(fields.origin);
  if (typeof source === "string") return refuse(source);
  const times = { created_at: fields.created_at, updated_at: fields.updated_at, ended_at: fields.ended_at };
  const [createdAtMs, lastActiveMs, endedAtMs] = Object.values(times).map((time) => readTime(time, timeZone));
  if (createdAtMs == null) return refuse(wrongTime("created_at", fields.created_at));
  if (lastActiveMs == null) return refuse(wrongTime("updated_at", fields.updated_at));
  if (endedAtMs == null && fields.ended_at != null) return refuse(wrongTime("ended_at", fields.ended_at));
  if ((endedAtMs == null) !== (fields.end_reason == null))
    return refuse("ended_at, end_reason: expected both of a session that has ended, or neither, got one of them");

  const sessionId = readSessionId(fields.session_id) ?? derivedId(fields.session_id, fields.created_at, createdAtMs);
  const isRenamed = sessionId !== fields.session_id;
  const { input_tokens, output_tokens, cache_read_tokens, cache_write_tokens } = fields;
  return {
    ok: true,
    session: {
      originalId: fields.session_id,
      sessionId,
      agentId: fields.agent,
      source,
      createdAtMs,
      lastActiveMs,
      ended: endedAtMs == null || fields.end_reason == null ? null : { atMs: endedAtMs, reason: fields.end_reason },
      title: fields.title ?? null,
      tags: fields.tags,
      customData: isRenamed ? { ...fields.custom_data, imported: importedFrom(fields) } : fields.custom_data,
      openingNote: fields.opening_note ?? null,
      pendingNotice: fields.pending_notice ?? null,
      usage: {
        inputTokens: input_tokens,
        outputTokens: output_tokens,
        cacheReadTokens: cache_read_tokens,
        cacheWriteTokens: cache_write_tokens,
        costUsd: fields.estimated_cost_usd,
        costKnown: fields.cost_status != null && fields.cost_status !== "unknown",
        lastPromptTokens: fields.last_prompt_tokens,
      },
      hasTranscript: (fields.message_count ?? input_tokens + output_tokens + fields.last_prompt_tokens) > 0,
    },
  };
}

function refuse(why: string): ReadSession {
  return { ok: false, why };
}

function isEmptyOrigin(origin: unknown): boolean {
  return isFields(origin) && Object.keys(origin).length === 0;
}

function readOrigin(origin: Readonly<Record<string, unknown>>): SessionSource | string {
  try {
    return sourceFromJson(origin);
  } catch (error) {
    if (error instanceof SourceRecordError) return error.message.replace(/^source:/, "origin:").replace(/\.$/, "");
    throw error;
  }
}

function readTime(value: unknown, timeZone: string): number | null {
  const ms = readLegacyTime(typeof value === "string" ? extendedIsoTime(value) : value, timeZone);
  return ms !== null && ms >= FIRST_MS && ms <= LAST_MS ? ms : null;
}

function wrongTime(name: string, value: unknown): string {
  const got = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : kindOf(value);
  return `${name}: expected an ISO 8601 time, got ${got}`;
}

/**
 * An id of ours for one that has another form, always the same, so that importing a file again finds what it brought before.
 * Its date is what the file says without any zone: read in another zone, the session is still the same.
 */
function derivedId(originalId: string, createdAt: unknown, createdAtMs: number): SessionId {
  const hash = createHash("sha256").update(originalId).digest("hex");
  return newSessionId(readTime(createdAt, "UTC") ?? createdAtMs, hash.slice(0, 8));
}

function importedFrom(fields: { readonly session_id: string; readonly session_key?: string | null | undefined }) {
  return { session_id: fields.session_id, ...(fields.session_key ? { session_key: fields.session_key } : {}) };
}

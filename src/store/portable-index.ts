import { z } from "zod";
import type { SourceRecord } from "../session/source-json.ts";

/**
 * One session in `sessions.json`: the fields of the Python gateway's own file up to `origin`, so that either program reads
 * what the other wrote, and after them what only this one knows, each left out where it says nothing.
 */
export interface PortableSession {
  readonly session_key: string;
  readonly session_id: string;
  /** ISO 8601 in UTC, with `Z`, as every time in our files; other gateways' have no zone. */
  readonly created_at: string;
  /** When a person last wrote. */
  readonly updated_at: string;
  /** The name of the chat; read from `origin`. */
  readonly display_name: string | null;
  readonly platform: string;
  readonly chat_type: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  /** The sum of the four; never read. */
  readonly total_tokens: number;
  readonly last_prompt_tokens: number;
  readonly estimated_cost_usd: number;
  /** `unknown` when some turn had no price: the cost is then a lower bound. */
  readonly cost_status: "estimated" | "unknown";
  readonly origin: SourceRecord;
  /** Lines of the transcript `<session_id>.jsonl`. */
  readonly message_count: number;
  /** `main` when left out. */
  readonly agent?: string;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly custom_data?: Readonly<Record<string, unknown>>;
  /** What the agent is told about the conversation before this one. */
  readonly opening_note?: string;
  /** The timed reset that ended it, while its people have not been told. */
  readonly pending_notice?: string;
  readonly ended_at?: string;
  readonly end_reason?: string;
}

/**
 * What the index has under one session key: the live session, and in `ended_sessions` the ones before it, oldest first.
 *
 * The older format is a flat object, key to live session, and its reader skips an entry that lacks a session's fields, yet
 * gives up the rest of the file at one that is no object. So ended sessions hang in an extra field of their key's entry, where
 * it never looks; a key without a live session has an entry with `ended_sessions` alone, which it skips.
 */
export type PortableEntry = Partial<PortableSession> & { readonly ended_sessions?: readonly PortableSession[] };

/** An id that can be a file's name in every file system, and nothing more than that: no folder, nothing hidden. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@+=-]{0,199}$/;
const MAX_AGENT_LENGTH = 64; // UTF-16 units: it is a word of the configuration and a part of keys
const MAX_NOTE_LENGTH = 16 * 1024; // UTF-16 units: our own are under a tenth of it; it becomes part of a prompt

const text = (what: string) => z.string({ error: ({ input }) => `expected ${what}, got ${kindOf(input)}` });
const count = z
  .int({ error: ({ input }) => `expected a whole number, got ${kindOf(input)}` })
  .min(0, "expected a number that is not negative")
  .nullish();
const tokens = count.transform((value) => value ?? 0);

/**
 * The shape of one session as files have it, ours and others': numbers that are null or missing are 0. Times and `origin`
 * are read by whoever knows the time zone; fields that are not named here are left alone.
 */
export const portableSessionSchema = z.object(
  {
    session_id: text("the id of a session").regex(PLAIN_NAME, "expected the plain name of a transcript file"),
    session_key: text("a session key").nullish(),
    created_at: z.unknown().optional(),
    updated_at: z.unknown().optional(),
    input_tokens: tokens,
    output_tokens: tokens,
    cache_read_tokens: tokens,
    cache_write_tokens: tokens,
    last_prompt_tokens: tokens,
    estimated_cost_usd: z
      .number({ error: ({ input }) => `expected US dollars as a number, got ${kindOf(input)}` })
      .min(0, "expected a number that is not negative")
      .nullish()
      .transform((value) => value ?? 0),
    cost_status: text("a word").nullish(),
    origin: z.record(z.string(), z.unknown(), {
      error: ({ input }) => `expected where the conversation is (platform, chat_id, …), got ${kindOf(input)}`,
    }),
    message_count: count,
    agent: text("the name of an agent").min(1, "expected a name").max(MAX_AGENT_LENGTH).default("main"),
    title: text("one line of text").nullish(),
    tags: z
      .array(text("a word"), { error: ({ input }) => `expected a list of words, got ${kindOf(input)}` })
      .default([]),
    custom_data: z
      .record(z.string(), z.unknown(), { error: ({ input }) => `expected an object, got ${kindOf(input)}` })
      .default({}),
    opening_note: text("a note").max(MAX_NOTE_LENGTH).nullish(),
    pending_notice: z.enum(["idle", "daily"], { error: "expected idle or daily" }).nullish(),
    ended_at: z.unknown().optional(),
    end_reason: z
      .enum(["archive", "reset", "timeout", "new"], { error: "expected archive, reset, timeout or new" })
      .nullish(),
  },
  { error: ({ input }) => `expected an object with a session's fields, got ${kindOf(input)}` },
);

/** What a value is, in words for a message: never the value itself, which may be somebody's secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { z } from "zod";
import { readLegacyTime } from "./legacy-time.ts";

/** One message of a transcript, as SQLite has it and as its line in the JSONL mirror says it. */
export interface TranscriptMessage {
  /** Place in the session's history: 1-based, gapless. Not in the line: there it is the line's number. */
  readonly seq: number;
  readonly role: TranscriptRole;
  readonly content: string;
  /** Whole milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** The platform's id of the message. */
  readonly messageId: string | null;
  readonly senderId: string | null;
  readonly senderName: string | null;
  /** Tool fields and whatever else an import brought, JSON values only; null when there is nothing, never `{}`. */
  readonly extra: Readonly<Record<string, unknown>> | null;
}

/** Who speaks in a message of a transcript. */
export type TranscriptRole = (typeof ROLES)[number];

/** How a line that another program wrote is to be read. */
export interface LegacyReading {
  /** IANA zone of times that have none. */
  readonly timeZone: string;
  /** The time of a message whose line has none that can be read; null refuses such a line. */
  readonly unknownAtMs: number | null;
}

/** What a line says, or why it cannot be taken (without the message's text: fit for a log). */
export type TranscriptLineReading =
  | { readonly ok: true; readonly message: Omit<TranscriptMessage, "seq"> }
  | { readonly ok: false; readonly why: string };

const ROLES = ["user", "assistant", "system", "tool"] as const;
/** Keys with a meaning of their own; one of `extra` that clashes with them goes into the object `extra` of the line. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "role",
  "content",
  "ts",
  "message_id",
  "sender_id",
  "sender_name",
  "extra",
]);
/** Breaks a line for Python, JavaScript or an editor, though JSON leaves it as it is. */
const UNESCAPED_LINE_BREAK = /[\u0085\u2028\u2029]/g;
/** Longest part of a wrong role that an error shows, in UTF-16 units: enough to recognise it. */
const SHOWN_ROLE_LENGTH = 30;
const OWN_LINES: LegacyReading = { timeZone: "UTC", unknownAtMs: null };

/** Writes a message as one line of JSONL, newline included; the same message gives the same bytes. */
export function transcriptLine(message: Omit<TranscriptMessage, "seq">): string {
  const own =
    `{"role":"${message.role}","content":${JSON.stringify(message.content)},"ts":"${isoTime(message.atMs)}"` +
    optional("message_id", message.messageId) +
    optional("sender_id", message.senderId) +
    optional("sender_name", message.senderName);
  const extra = message.extra === null ? "{}" : JSON.stringify(withoutClashes(message.extra));
  // Two objects joined as text: in one, a key like "0" would be moved in front of the others.
  const line = extra === "{}" ? `${own}}` : `${own},${extra.slice(1)}`;
  return `${line.replace(UNESCAPED_LINE_BREAK, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

function optional(name: string, value: string | null): string {
  return value === null ? "" : `,"${name}":${JSON.stringify(value)}`;
}

/** The last time that was written: the lines of one batch share it. */
let lastTime = { ms: Number.NaN, text: "" };

function isoTime(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}

function withoutClashes(extra: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(extra);
  const clashing = entries.filter(([key]) => OWN_KEYS.has(key));
  if (clashing.length === 0) return extra;
  const others = entries.filter(([key]) => !OWN_KEYS.has(key));
  return Object.fromEntries([...others, ["extra", Object.fromEntries(clashing)]]);
}

const lineFields = z.object(
  {
    role: z.enum(ROLES, {
      error: ({ input }) => `expected user, assistant, system or tool, got ${shown(input)}`,
    }),
    content: z.union([z.string(), z.array(z.unknown()), z.null()], {
      error: ({ input }) => `expected text, a list of parts or null, got ${kindOf(input)}`,
    }),
    ts: z.unknown().optional(),
    timestamp: z.unknown().optional(),
    message_id: z.unknown().optional(),
    sender_id: z.unknown().optional(),
    sender_name: z.unknown().optional(),
  },
  { error: ({ input }) => `expected a JSON object, got ${kindOf(input)}` },
);

/**
 * Reads a line: `transcriptLine`'s own, whose exact inverse it is, or one that another gateway wrote (`timestamp` for `ts`,
 * content null or a list of parts). What has no field here, or a value that its field cannot hold, is kept in `extra`:
 * a list of parts stays there as `content`, while the message's own content is the text of the parts.
 */
export function readTranscriptLine(text: string, legacy: LegacyReading = OWN_LINES): TranscriptLineReading {
  const json = readJson(text);
  if (json === null) return { ok: false, why: "expected a JSON object, got text that is not JSON" };
  const parsed = lineFields.safeParse(contentGiven(json.value));
  if (!parsed.success) return { ok: false, why: parsed.error.issues.map(describeIssue).join("; ") };
  const fields = parsed.data;

  const tsMs = readLegacyTime(fields.ts, legacy.timeZone);
  const timestampMs = tsMs === null ? readLegacyTime(fields.timestamp, legacy.timeZone) : null;
  const atMs = tsMs ?? timestampMs ?? legacy.unknownAtMs;
  if (atMs === null) return { ok: false, why: `ts: expected an ISO 8601 time, got ${kindOf(fields.ts)}` };

  const messageId = readText(fields.message_id);
  const senderId = readText(fields.sender_id);
  const senderName = readText(fields.sender_name);
  const understood = new Set(["role"]);
  if (!Array.isArray(fields.content)) understood.add("content");
  if (tsMs !== null || isAbsent(fields.ts)) understood.add("ts");
  if (timestampMs !== null) understood.add("timestamp");
  if (messageId !== null || isAbsent(fields.message_id)) understood.add("message_id");
  if (senderId !== null || isAbsent(fields.sender_id)) understood.add("sender_id");
  if (senderName !== null || isAbsent(fields.sender_name)) understood.add("sender_name");

  const content = textOf(fields.content);
  const extra = extraOf(json.value, understood);
  return { ok: true, message: { role: fields.role, content, atMs, messageId, senderId, senderName, extra } };
}

function readJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** A line with only tool calls may lack `content`: the same as null. */
function contentGiven(value: unknown): unknown {
  return isRecord(value) && !("content" in value) ? { ...value, content: null } : value;
}

function textOf(content: string | readonly unknown[] | null): string {
  if (typeof content === "string") return content;
  const texts = (content ?? []).map((part) => (isRecord(part) ? part.text : part));
  return texts.filter((text) => typeof text === "string").join("\n");
}

/** A text or a numeric id as text; beyond 2⁵³ JSON numbers are rounded, and a rounded id would be somebody else's. */
function readText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return Number.isSafeInteger(value) ? String(value) : null;
}

function extraOf(value: unknown, understood: ReadonlySet<string>): Readonly<Record<string, unknown>> | null {
  if (!isRecord(value)) return null;
  const kept = Object.entries(value).filter(([key]) => !understood.has(key));
  const clashed = clashedOf(value.extra, new Set(kept.map(([key]) => key)));
  const entries = clashed === null ? kept : [...kept.filter(([key]) => key !== "extra"), ...clashed];
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** What `withoutClashes` moved into the line's `extra`; null when that object is somebody else's. */
function clashedOf(extra: unknown, keptKeys: ReadonlySet<string>): readonly (readonly [string, unknown])[] | null {
  if (!isRecord(extra)) return null;
  const entries = Object.entries(extra);
  const ours = entries.every(([key]) => OWN_KEYS.has(key) && (key === "extra" || !keptKeys.has(key)));
  return ours && entries.length > 0 ? entries : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function describeIssue(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return [...issue.path.map(String), issue.message].join(": ");
}

function kindOf(value: unknown): string {
  if (isAbsent(value)) return "nothing";
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, SHOWN_ROLE_LENGTH)) : kindOf(value);
}

import { z } from "zod";

/** The answer to a message that was waited for. */
export const replied = z.strictObject({
  inboxId: z.int(),
  sessionKey: z.string(),
  sessionId: z.string(),
  reply: z.strictObject({ text: z.string() }),
});

/** Every error of the API. */
export const refused = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });

/** A session as the API shows it: nothing more, so that no number of the database slips in. */
export const shownSession = z.strictObject({
  sessionId: z.string().regex(/^\d{8}_\d{6}_[0-9a-f]{8}$/),
  sessionKey: z.string(),
  agentId: z.string(),
  state: z.enum(["live", "ended"]),
  endReason: z.string().nullable(),
  source: z.record(z.string(), z.string().nullable()),
  description: z.string(),
  title: z.string().nullable(),
  preview: z.string().nullable(),
  createdAtMs: z.int(),
  lastActiveAtMs: z.int(),
  endedAtMs: z.int().nullable(),
  nextResetAtMs: z.int().nullable(),
  messageCount: z.int(),
  usage: z.record(z.string(), z.unknown()),
  tags: z.array(z.string()),
});

/** A page of sessions. */
export const sessionPage = z.strictObject({ sessions: z.array(shownSession), next: z.string().nullable() });

const line = z.strictObject({
  seq: z.int(),
  role: z.string(),
  content: z.string(),
  atMs: z.int(),
  messageId: z.string().nullable(),
  senderId: z.string().nullable(),
  senderName: z.string().nullable(),
  extra: z.record(z.string(), z.unknown()).nullable(),
});

/** A page of a transcript. */
export const messagePage = z.strictObject({
  sessionId: z.string(),
  messages: z.array(line),
  next: z.int().nullable(),
});

/** A page of what a search found. */
export const hitPage = z.strictObject({
  hits: z.array(
    z.strictObject({
      sessionId: z.string(),
      title: z.string().nullable(),
      platform: z.string(),
      message: line,
      snippet: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

/** Reads an answer that is expected to have this form. */
export async function read<T>(schema: z.ZodType<T>, response: Response): Promise<T> {
  return schema.parse(await response.json());
}

/** The code of an error. */
export async function codeOf(response: Response): Promise<string> {
  return (await read(refused, response)).error.code;
}

/** The words of an error. */
export async function wordsOf(response: Response): Promise<string> {
  return (await read(refused, response)).error.message;
}

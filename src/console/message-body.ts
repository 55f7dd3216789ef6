import { z } from "zod";

/** What a page, a terminal or a program hands over: the body of `POST /api/messages`, without the platform it belongs to. */
export interface MessageBody {
  readonly chatId: string;
  readonly userId: string;
  readonly userName?: string;
  readonly threadId?: string;
  readonly text: string;
  /** The sender's own id of the message: sent again, it is the same message. One is made when it is left out. */
  readonly messageId?: string;
  /** The post whose button says this: its buttons go away. */
  readonly pressed?: number;
}

/** The platforms whose messages come through this server. */
export type DirectPlatform = "web" | "local";

/** Longest id that is taken, in UTF-16 units: the core's own limit. */
const MAX_ID_LENGTH = 512;
/** Longest name that is taken, in UTF-16 units: the core's own limit. */
const MAX_NAME_LENGTH = 1024;

/** A text within limits; the error says which. */
export function boundedText(maxLength: number) {
  const error = `expected a text of 1 to ${maxLength} characters`;
  return z.string({ error }).min(1, { error }).max(maxLength, { error });
}

/** An id that came from outside. */
export const idText = boundedText(MAX_ID_LENGTH);

/** The text of a message; its greatest length is judged by the core, in bytes. */
export const spokenText = z
  .string({ error: "expected a text" })
  .refine((text) => text.trim() !== "", { error: "expected a text that says something, got an empty one" });

/** Fields that are null count as left out: many JSON writers cannot leave out. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** The body of `POST /api/messages`. Unknown fields are refused: a mistyped `threadId` would lead into another conversation. */
export const messageBody = z.preprocess(
  withoutNulls,
  z.strictObject({
    platform: z.enum(["web", "local"], { error: 'expected "web" or "local"' }).default("web"),
    chatId: idText,
    userId: idText,
    userName: boundedText(MAX_NAME_LENGTH).exactOptional(),
    threadId: idText.exactOptional(),
    text: spokenText,
    messageId: idText.exactOptional(),
    pressed: z.int().positive({ error: "expected the number of a post" }).exactOptional(),
  }),
);

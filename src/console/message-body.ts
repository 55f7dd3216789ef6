import { z } from "zod";
import { MAX_ATTACHMENTS } from "../media/fetch-attachments.ts";
import { isUploadReference } from "../media/store-upload.ts";
import type { AttachmentReference } from "../message/message.ts";

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
  /** Files that came by `POST /api/uploads`, as it named them. */
  readonly attachments?: readonly AttachmentReference[];
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

const EMPTY_TEXT = "expected a text that says something, got an empty one";

/** The text of a message; its greatest length is judged by the core, in bytes. */
export const spokenText = z
  .string({ error: "expected a text" })
  .refine((text) => text.trim() !== "", { error: EMPTY_TEXT });

/** Fields that are null count as left out: many JSON writers cannot leave out. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

const upload = z.strictObject({
  kind: z.enum(["image", "audio", "video", "file", "voice"]),
  mimeType: boundedText(255),
  sizeBytes: z.int().nonnegative(),
  name: boundedText(MAX_NAME_LENGTH),
  reference: z.string().refine(isUploadReference, { error: "expected what POST /api/uploads answered" }),
});

/** The body of `POST /api/messages`. Unknown fields are refused: a mistyped `threadId` would lead into another conversation. */
export const messageBody = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      platform: z.enum(["web", "local"], { error: 'expected "web" or "local"' }).default("web"),
      chatId: idText,
      userId: idText,
      userName: boundedText(MAX_NAME_LENGTH).exactOptional(),
      threadId: idText.exactOptional(),
      text: z.string({ error: "expected a text" }),
      messageId: idText.exactOptional(),
      pressed: z.int().positive({ error: "expected the number of a post" }).exactOptional(),
      attachments: z
        .array(upload)
        .max(MAX_ATTACHMENTS, { error: `expected at most ${MAX_ATTACHMENTS} files` })
        .exactOptional(),
    })
    .refine(({ text, attachments = [] }) => text.trim() !== "" || attachments.length > 0, {
      path: ["text"],
      error: EMPTY_TEXT,
    }),
);

import type { SessionSource } from "../session/source.ts";

/** A file that came with a message or goes out with one; `path` is under the data directory's `media/`, its name is ours. */
export interface Attachment {
  readonly kind: "image" | "audio" | "video" | "file" | "voice";
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** The name its sender gave it: untrusted text, never part of a path. */
  readonly name: string;
  readonly path: string;
}

/** One message of a person (or of a job, a hook, an HTTP caller) on its way in. */
export interface InboundMessage {
  readonly source: SessionSource;
  /** The platform's id of the message, unique within (platform, account, chat): redeliveries carry the same. */
  readonly messageId: string;
  /** At most `MAX_MESSAGE_BYTES` as UTF-8. */
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** One message on its way out: one outbox row, one post on the platform. */
export interface OutboundMessage {
  /** The outbox row's number, the same at every attempt: what an adapter derives its nonce from. */
  readonly outboxId: number;
  readonly platform: string;
  readonly account: string;
  readonly chatId: string;
  readonly threadId: string | null;
  /** Markdown, short enough for the platform after formatting. */
  readonly text: string;
  /** The message this one answers, where the platform shows such a reference. */
  readonly replyToMessageId: string | null;
  /** 1 at the first try; what was tried before may have arrived. */
  readonly attempt: number;
}

/** Largest text of a message, in bytes of UTF-8; longer ones are refused with a word to the sender. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

import type { SessionSource } from "../session/source.ts";

/** What sort of file it is; `voice` is a recording made in the chat. */
export type AttachmentKind = "image" | "audio" | "video" | "file" | "voice";

/** A file that came with a message or goes out with one; `path` is under the data directory's `media/`, its name is ours. */
export interface Attachment {
  readonly kind: AttachmentKind;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** The name its sender gave it: untrusted text, never part of a path. */
  readonly name: string;
  readonly path: string;
}

/** A file that came with a message, before it is fetched: everything in it is the platform's word. */
export interface AttachmentReference {
  readonly kind: AttachmentKind;
  readonly mimeType: string;
  /** Null when the platform does not say. */
  readonly sizeBytes: number | null;
  readonly name: string;
  /** What the adapter fetches it by: a file id, an address. Nobody else reads it. */
  readonly reference: string;
}

/** The message somebody replied to. */
export interface RepliedMessage {
  readonly messageId: string;
  readonly userName: string | null;
  /** What was quoted of it, else its beginning; null when the platform does not say. */
  readonly text: string | null;
}

/**
 * Whether a message is meant for the bot: `yes` (a direct message, a mention, a reply to the bot, a command for it), `no`,
 * or `if_taking_part`: only in a thread in which the bot has spoken.
 */
export type Addressed = "yes" | "no" | "if_taking_part";

/** The message with which somebody made a job, as far as rights are judged by it: where it was, who wrote it. */
export interface JobOrigin {
  readonly source: SessionSource;
  readonly roleIds: readonly string[];
  readonly isPerson: boolean;
}

/** The run of a job that a message stands for. */
export interface RunOfJob {
  /** Its number in the table of runs. */
  readonly runId: number;
  readonly jobName: string;
  /** Whose rights it has; null for an operator's. */
  readonly origin: JobOrigin | null;
}

/** One message of a person (or of a job, a hook, an HTTP caller) on its way in. What may be left out is left out when it does not apply. */
export interface InboundMessage {
  readonly source: SessionSource;
  /** The platform's id of the message, unique within (platform, account, chat): redeliveries carry the same. */
  readonly messageId: string;
  /** At most `MAX_MESSAGE_BYTES` as UTF-8; the bot's own mention removed. A pressed button is its command as text. */
  readonly text: string;
  readonly attachments: readonly AttachmentReference[];
  /** Absent: `yes`. */
  readonly addressed?: Addressed;
  readonly replyTo?: RepliedMessage;
  /** The sender's roles on the platform (Discord), by id: what access rules may name. */
  readonly roleIds?: readonly string[];
  /** False for a chat that speaks as itself (an anonymous admin, a channel): no list of people lets it in. Absent: true. */
  readonly isPerson?: boolean;
  /** More of it may follow within a moment: a part of an album, a text that fills the platform's limit. Absent: false. */
  readonly waitsForMore?: boolean;
  /** It is a button pressed under a post that everybody there sees: so what comes of it is for everybody, too. Absent: false. */
  readonly isOpenPress?: boolean;
  /** Set by the scheduler alone. Absent: a person's message. */
  readonly job?: RunOfJob;
}

/** Something a person can press under a post. */
export interface Button {
  readonly label: string;
  /** The command it stands for, such as `/resume 2`: a press is a message with this text, and authorised like one. At most 64 bytes. */
  readonly command: string;
  /** How it looks where the platform has a choice. Absent: plain. */
  readonly style?: "primary" | "danger";
}

/** Whom an answer is for, when it is for the asker alone. */
export interface PrivateTo {
  /** As in the message's source. */
  readonly userId: string;
  /** The message that asked: what the platform may need to reach its sender alone. */
  readonly messageId: string;
}

/** One message on its way out: one outbox row, one post on the platform. */
export interface OutboundMessage {
  /** The outbox row's number, the same at every attempt: what an adapter derives its nonce from. */
  readonly outboxId: number;
  readonly platform: string;
  readonly account: string;
  readonly chatId: string;
  readonly threadId: string | null;
  /** Markdown, short enough for the platform after formatting; the caption where there is a file, and possibly empty then. */
  readonly text: string;
  /** A file to post; null for a text. */
  readonly file: Attachment | null;
  /** Shown under the post, in order; empty for none. */
  readonly buttons: readonly Button[];
  /** The message this one answers, where the platform shows such a reference. */
  readonly replyToMessageId: string | null;
  /**
   * Null for everybody in the place. Where the platform can show a post to one person it does, or throws: what it could have shown
   * to them alone, and can't any more, is shown to nobody. Where it has no such thing, this is a post like any other.
   */
  readonly privateTo: PrivateTo | null;
  /** 1 at the first try. */
  readonly attempt: number;
  /** When the row was first tried, milliseconds since 1970 UTC; now at the first try. */
  readonly firstTriedAtMs: number;
}

/** What an existing post is to say instead. */
export interface PostEdit {
  readonly chatId: string;
  readonly threadId: string | null;
  readonly postId: string;
  /** Markdown, as in `OutboundMessage`. */
  readonly text: string;
  readonly buttons: readonly Button[];
  /** False while the answer still grows: what is unfinished (an open code fence) may be closed for the look of it. */
  readonly isFinal: boolean;
}

/** Largest text of a message, in bytes of UTF-8; longer ones are refused with a word to the sender. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

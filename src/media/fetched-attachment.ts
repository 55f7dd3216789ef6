import type { Attachment } from "../message/message.ts";

/** Why a file is not there. */
export type MissingReason =
  | "too_large"
  /** The platform no longer has it, or does not let us have it. */
  | "gone"
  /** It broke off, took too long, or could not be written: asked for again, it may come. */
  | "failed"
  /** This platform has no way to fetch files. */
  | "unsupported"
  /** It came with more files than one message may bring. */
  | "too_many";

/** A file of a message that an agent won't see. */
export interface MissingAttachment {
  readonly kind: "missing";
  /** As `Attachment.name`: one clean line, and somebody else's words. */
  readonly name: string;
  readonly why: MissingReason;
  /** The limit of ours that it exceeds, in bytes or in files; null when none of ours does. */
  readonly limit: number | null;
  /** What went wrong, for the log; null when nothing threw. */
  readonly error: unknown;
}

/** What became of one file of a message. */
export type FetchedAttachment = { readonly kind: "fetched"; readonly attachment: Attachment } | MissingAttachment;

/** What became of a message's files, in their order. */
export type FetchedAttachments = readonly FetchedAttachment[];

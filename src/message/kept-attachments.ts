import { z } from "zod";
import type { AttachmentKind, AttachmentReference } from "./message.ts";

const kinds = ["image", "audio", "video", "file", "voice"] as const satisfies readonly AttachmentKind[];
// Transcripts may be imported: what does not fit is not there.
const kept = z.object({
  attachments: z.array(
    z.object({ kind: z.string(), mimeType: z.string(), name: z.string(), reference: z.unknown().optional() }),
  ),
});

/** What is known of the files that came with a transcript's line. */
export interface KeptAttachments {
  /** Every one's name as its sender gave it: untrusted text. */
  readonly names: readonly string[];
  /** Those that can be asked for again. */
  readonly references: readonly AttachmentReference[];
}

/** Reads the files that came with a line from what is kept beside its text. */
export function keptAttachments(extra: Readonly<Record<string, unknown>> | null): KeptAttachments {
  const read = kept.safeParse(extra);
  const attachments = read.success ? read.data.attachments : [];
  return {
    names: attachments.map(({ name }) => name),
    references: attachments.flatMap(({ kind: word, mimeType, name, reference }) => {
      const kind = kinds.find((known) => known === word);
      return kind === undefined || typeof reference !== "string"
        ? []
        : [{ kind, mimeType, sizeBytes: null, name, reference }];
    }),
  };
}

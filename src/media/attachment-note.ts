import { untrustedText } from "../session/untrusted-text.ts";
import { sizeText } from "./attachment-size.ts";
import type { FetchedAttachments, MissingAttachment } from "./fetched-attachment.ts";

/** What an agent is told about the files it won't see, a line each, names quoted; empty when it has all of them. */
export function attachmentNote(result: FetchedAttachments): string {
  return result.flatMap((item) => (item.kind === "missing" ? [lineOf(item)] : [])).join("\n");
}

function lineOf(missing: MissingAttachment): string {
  return `[attachment ${untrustedText(missing.name)} could not be fetched: ${reasonText(missing)}]`;
}

function reasonText({ why, limit }: MissingAttachment): string {
  switch (why) {
    case "too_large":
      return limit === null ? "larger than the platform hands over" : `larger than ${sizeText(limit)}`;
    case "gone":
      return "the platform no longer has it, or does not give it to this bot";
    case "failed":
      return "the transfer failed";
    case "unsupported":
      return "files can't be fetched from this platform";
    case "too_many":
      return `only the first ${limit} files of a message are taken`;
  }
}

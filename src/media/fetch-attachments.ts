import type { AttachmentReference } from "../message/message.ts";
import { displayName } from "./display-name.ts";
import { type FetchOptions, fetchFile } from "./fetch-file.ts";
import type { FetchedAttachment, FetchedAttachments, MissingAttachment } from "./fetched-attachment.ts";

/** Most files of one message: an album on Telegram and a message on Discord have no more. */
export const MAX_ATTACHMENTS = 10;
/** Fetched at a time for one message: enough to use the line, few enough that no message takes it all. */
const MAX_PARALLEL = 3;

/**
 * Fetches a message's files into the media folder. The gateway calls it when the turn begins, and again when that turn
 * died: what is there already is not fetched again. It never rejects, and after `signal` aborts it resolves at once,
 * with `failed` for what is not there yet.
 */
export async function fetchAttachments(
  options: FetchOptions & { readonly references: readonly AttachmentReference[] },
): Promise<FetchedAttachments> {
  const { references } = options;
  const fetched: FetchedAttachment[] = [];
  const waiting = references.slice(0, MAX_ATTACHMENTS).entries();
  const work = async () => {
    for (const [index, reference] of waiting) fetched[index] = await fetchFile(options, reference, index + 1);
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  return [...fetched, ...references.slice(MAX_ATTACHMENTS).map(tooMany)];
}

function tooMany(reference: AttachmentReference): MissingAttachment {
  const name = displayName(reference.name, reference);
  return { kind: "missing", name, why: "too_many", limit: MAX_ATTACHMENTS, error: null };
}

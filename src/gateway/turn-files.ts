import type { AgentEvent } from "../agent/backend.ts";
import type { Clock } from "../clock/clock.ts";
import { attachmentNote } from "../media/attachment-note.ts";
import { fetchAttachments } from "../media/fetch-attachments.ts";
import type { FetchedAttachments } from "../media/fetched-attachment.ts";
import { storeOutgoing } from "../media/store-outgoing.ts";
import type { Attachment, AttachmentReference } from "../message/message.ts";
import type { Adapter } from "../platform/adapter.ts";
import type { BegunTurn } from "./begun-turn.ts";

/** Where files of turns are kept, and how large they may be. */
export interface MediaRules {
  /** The media folder, absolute. */
  readonly folder: string;
  readonly maxBytes: number;
}

/** What came with a turn's messages: the files, and words on those that could not be fetched (empty when all could). */
export interface TurnFiles {
  readonly attachments: readonly Attachment[];
  readonly note: string;
}

/** Fetches the files of a turn's messages; those of an earlier attempt are there already. It never rejects. */
export async function fetchTurnFiles(
  turn: BegunTurn,
  adapter: Adapter | undefined,
  media: MediaRules,
  clock: Clock,
  signal: AbortSignal,
): Promise<TurnFiles> {
  const fetchFile = adapter?.fetchFile?.bind(adapter);
  const open =
    fetchFile === undefined
      ? null
      : ({ reference }: AttachmentReference, until: AbortSignal) => fetchFile(reference, until);
  const results: FetchedAttachments[] = [];
  for (const { inboxId, references } of turn.attachments) {
    results.push(await fetchAttachments({ ...media, inboxId, references, open, signal, clock }));
  }
  const all = results.flat();
  return {
    attachments: all.flatMap((item) => (item.kind === "fetched" ? [item.attachment] : [])),
    note: attachmentNote(all),
  };
}

/** Keeps a file that goes out with an answer. Rejects when it is too large, or cannot be written. */
export function keepFile(
  file: Extract<AgentEvent, { kind: "file" }>,
  media: MediaRules,
  nowMs: number,
): Promise<Attachment> {
  const { name, mimeType, data } = file;
  return storeOutgoing({ folder: media.folder, maxBytes: media.maxBytes, name, mimeType, data, nowMs });
}

import type { AttachmentKind, AttachmentReference } from "../../src/message/message.ts";
import type { SlackFile } from "./payload.ts";

/** Begins a reference to a file of which only the id is known: its address is asked for when it is fetched. */
export const FILE_ID_PREFIX = "slack-file:";

/** Files that are gone, hidden by the plan's limit, or lie elsewhere (Google Drive) cannot be fetched from Slack. */
const UNFETCHABLE_MODES = new Set(["tombstone", "hidden_by_limit", "external"]);

/** The files of a message that can be fetched. */
export function readFiles(files: readonly SlackFile[] | null | undefined): readonly AttachmentReference[] {
  return (files ?? []).filter(isFetchable).map((file) => ({
    kind: kindOf(file),
    mimeType: file.mimetype || "application/octet-stream",
    sizeBytes: file.size ?? null,
    name: file.name || file.title || file.id,
    reference: file.url_private_download ?? file.url_private ?? `${FILE_ID_PREFIX}${file.id}`,
  }));
}

/** Files that lie elsewhere, one line each: all that can be told of them. */
export function linkedFiles(files: readonly SlackFile[] | null | undefined): readonly string[] {
  return (files ?? [])
    .filter((file) => file.mode === "external" && file.url_private)
    .map((file) => `${file.name || file.title || file.id} (${file.url_private})`);
}

function isFetchable(file: SlackFile): boolean {
  return !UNFETCHABLE_MODES.has(file.mode ?? "");
}

function kindOf({ mimetype, subtype }: SlackFile): AttachmentKind {
  if (subtype === "slack_audio") return "voice";
  const family = mimetype?.split("/")[0];
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}

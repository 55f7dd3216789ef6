import type { AttachmentKind, AttachmentReference } from "../../src/message/message.ts";
import type { Content } from "./payload.ts";

/** The fields of a message that hold one file each, and what Telegram makes of it when it does not say (core.telegram.org/bots/api#message). */
const fileFields = [
  { field: "voice", kind: "voice", mimeType: "audio/ogg", name: "voice.ogg" },
  { field: "audio", kind: "audio", mimeType: "audio/mpeg", name: "audio.mp3" },
  { field: "video_note", kind: "video", mimeType: "video/mp4", name: "video-note.mp4" },
  { field: "video", kind: "video", mimeType: "video/mp4", name: "video.mp4" },
  { field: "animation", kind: "video", mimeType: "video/mp4", name: "animation.mp4" },
  { field: "document", kind: null, mimeType: "application/octet-stream", name: "file" },
] as const;

/** The files of a message, by their `file_id`. */
export function readFiles(content: Content): readonly AttachmentReference[] {
  const photo = largestPhoto(content);
  if (photo !== null) return [photo];
  for (const { field, kind, mimeType, name } of fileFields) {
    const file = content[field];
    if (file === undefined) continue;
    const type = file.mime_type || mimeType;
    // An animation is repeated as `document`, for programs older than animations: the first field found is the one meant.
    return [
      {
        kind: kind ?? kindOf(type),
        mimeType: type,
        sizeBytes: file.file_size ?? null,
        name: file.file_name || name,
        reference: file.file_id,
      },
    ];
  }
  return [];
}

/** Telegram sends a photo in several sizes, mostly the smallest first. */
function largestPhoto({ photo = [] }: Content): AttachmentReference | null {
  const [first, ...others] = photo;
  if (first === undefined) return null;
  const largest = others.reduce(
    (best, size) => (size.width * size.height >= best.width * best.height ? size : best),
    first,
  );
  return {
    kind: "image",
    mimeType: "image/jpeg",
    sizeBytes: largest.file_size ?? null,
    name: "photo.jpg",
    reference: largest.file_id,
  };
}

function kindOf(mimeType: string): AttachmentKind {
  const [major] = mimeType.split("/", 1);
  return major === "image" || major === "audio" || major === "video" ? major : "file";
}

import type { AttachmentKind } from "../message/message.ts";

/** What nothing better is known of. */
export const UNKNOWN_TYPE = "application/octet-stream";

/** The extension our files get, by type; every other type has `bin`. Types that a browser would run as a page have `txt`. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "application/epub+zip": "epub",
  "application/gzip": "gz",
  "application/json": "json",
  "application/msword": "doc",
  "application/pdf": "pdf",
  "application/vnd.ms-excel": "xls",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.oasis.opendocument.presentation": "odp",
  "application/vnd.oasis.opendocument.spreadsheet": "ods",
  "application/vnd.oasis.opendocument.text": "odt",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/yaml": "yaml",
  "application/zip": "zip",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "audio/webm": "weba",
  "image/avif": "avif",
  "image/bmp": "bmp",
  "image/gif": "gif",
  "image/heic": "heic",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/tiff": "tif",
  "image/webp": "webp",
  "text/csv": "csv",
  "text/markdown": "md",
  "text/plain": "txt",
  "video/mp4": "mp4",
  "video/ogg": "ogv",
  "video/quicktime": "mov",
  "video/webm": "webm",
  "video/x-matroska": "mkv",
};

/** Other names of the same types, as platforms and programs write them. */
const ALIASES: Readonly<Record<string, string>> = {
  "application/x-gzip": "application/gzip",
  "application/x-pdf": "application/pdf",
  "application/x-yaml": "application/yaml",
  "application/x-zip-compressed": "application/zip",
  "audio/aacp": "audio/aac",
  "audio/m4a": "audio/mp4",
  "audio/mp3": "audio/mpeg",
  "audio/opus": "audio/ogg",
  "audio/vnd.wave": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/x-flac": "audio/flac",
  "audio/x-m4a": "audio/mp4",
  "audio/x-wav": "audio/wav",
  "image/heif": "image/heic",
  "image/jpg": "image/jpeg",
  "text/x-markdown": "text/markdown",
  "video/matroska": "video/x-matroska",
};

/** Longest type name taken, in UTF-16 units: RFC 6838 §4.2 allows 127 in each half, real ones stay under this. */
const MAX_TYPE_LENGTH = 100;
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;

/** The extension of a file of ours, without the dot. */
export function extensionOf(mimeType: string): string {
  const known = Object.hasOwn(EXTENSIONS, mimeType) ? EXTENSIONS[mimeType] : undefined;
  return known ?? (mimeType.startsWith("text/") ? "txt" : "bin");
}

/** Every extension that `extensionOf` gives. */
export const extensions: readonly string[] = [...new Set([...Object.values(EXTENSIONS), "bin"])];

/** A type as somebody else wrote it, in its usual form: lower case, no parameters, one name for each; `UNKNOWN_TYPE` when it is none. */
export function plainType(claimed: string): string {
  const bare = (claimed.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (bare.length > MAX_TYPE_LENGTH || !TYPE.test(bare)) return UNKNOWN_TYPE;
  return (Object.hasOwn(ALIASES, bare) ? ALIASES[bare] : undefined) ?? bare;
}

/** What sort of file has that type; `isVoice` tells a recording from other sound. */
export function kindOf(mimeType: string, isVoice: boolean): AttachmentKind {
  switch (mimeType.split("/", 1)[0]) {
    case "image":
      return "image";
    case "audio":
      return isVoice ? "voice" : "audio";
    case "video":
      return "video";
    default:
      return "file";
  }
}

import type { AttachmentKind } from "../message/message.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import { extensionOf } from "./media-types.ts";

/** Longest name of a file that is shown or sent, in UTF-16 units: file systems take 255 bytes, people read far less. */
const MAX_NAME_LENGTH = 120;
/** What ends a name that is cut, kept so that programs still know the file. */
const EXTENSION = /\.[\p{L}\p{N}]{1,8}$/u;

/** The name somebody gave a file as one clean line without slashes; its kind and extension where nothing is left of it. Never part of a path. */
export function displayName(name: string, type: { readonly kind: AttachmentKind; readonly mimeType: string }): string {
  const clean = cleanText(name).replace(/[/\\]/g, "_");
  if (/^[._ ]*$/.test(clean)) return `${type.kind}.${extensionOf(type.mimeType)}`;
  if (clean.length <= MAX_NAME_LENGTH) return clean;
  const extension = EXTENSION.exec(clean)?.[0] ?? "";
  return `${cutText(clean.slice(0, clean.length - extension.length), MAX_NAME_LENGTH - extension.length)}${extension}`;
}

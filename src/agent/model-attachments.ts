import { open } from "node:fs/promises";
import type { FilePart, TextPart } from "ai";
import type { Attachment } from "../message/message.ts";
import { cleanText, untrustedText } from "../session/untrusted-text.ts";
import type { FileLimits } from "./model-provider.ts";

/** Most bytes of all files of a message together: as base64 they stay under the 32 MB of an Anthropic request. */
const MAX_TOTAL_BYTES = 20 * 1024 * 1024;
/** Largest file that is pasted as text, about 64,000 tokens; a longer one is named only. */
const MAX_TEXT_BYTES = 256 * 1024;
/** What all vision models take. */
const images: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const textual = /^text\/|^application\/(json|xml|yaml|x-yaml|toml|sql|javascript|typescript|x-sh)$|\+(json|xml)$/;
const PDF = "application/pdf";

/** The files of a message as a model takes them, in order: what it can see as it is, texts as text, the others by name. */
export async function attachmentParts(
  attachments: readonly Attachment[],
  takes: FileLimits,
): Promise<readonly (TextPart | FilePart)[]> {
  const parts: (TextPart | FilePart)[] = [];
  let leftBytes = MAX_TOTAL_BYTES;
  for (const attachment of attachments) {
    const limitBytes = Math.min(leftBytes, limitFor(attachment.mimeType, takes));
    const data = attachment.sizeBytes > limitBytes ? null : await loadFile(attachment.path, limitBytes);
    const part = data === null ? null : partOf(attachment, data);
    parts.push(part ?? namedOnly(attachment));
    if (part !== null && data !== null) leftBytes -= data.byteLength;
  }
  return parts;
}

/** Names a file that the model does not get to see. */
export function namedOnly({ name, mimeType, sizeBytes }: Attachment): TextPart {
  const type = cleanText(mimeType);
  return { type: "text", text: `[File ${untrustedText(name)} (${type}, ${sizeBytes} bytes): you can't see it.]` };
}

function limitFor(mimeType: string, takes: FileLimits): number {
  if (images.has(mimeType)) return takes.imageBytes;
  if (mimeType === PDF) return takes.pdfBytes;
  return textual.test(mimeType) ? MAX_TEXT_BYTES : 0;
}

function partOf({ name, mimeType }: Attachment, data: Uint8Array): TextPart | FilePart | null {
  if (images.has(mimeType)) return { type: "file", mediaType: mimeType, data };
  // The name goes to the provider: ours, since people's names for files are nobody else's business.
  if (mimeType === PDF) return { type: "file", mediaType: PDF, data, filename: "document.pdf" };
  const text = new TextDecoder().decode(data);
  return text.includes("\0") ? null : { type: "text", text: `[File ${untrustedText(name)}]\n${text}\n[End of file]` };
}

/** The file's bytes; null when it is empty, larger than allowed, or gone. */
async function loadFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size === 0 || size > maxBytes) return null;
    const data = new Uint8Array(size);
    const { bytesRead } = await file.read(data, 0, size, 0);
    return data.subarray(0, bytesRead);
  } catch {
    return null; // pruned, or unreadable: the model is told the name, and the turn goes on
  }
}

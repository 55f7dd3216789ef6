import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomHex } from "../clock/clock.ts";
import type { AttachmentReference } from "../message/message.ts";
import { DeliveryError } from "../platform/delivery-error.ts";
import { displayName } from "./display-name.ts";
import { monthOf, openMonth, UNFINISHED, uploadStem } from "./media-path.ts";
import { extensionOf } from "./media-types.ts";
import { receiveFile } from "./receive-file.ts";
import { settledType } from "./settled-type.ts";

/** A file somebody hands over ahead of the message it belongs to. */
export interface Upload {
  /** The media folder, absolute; made when it is not there. */
  readonly folder: string;
  /** What its sender calls it: cleaned for people's eyes, never part of a path. */
  readonly name: string;
  /** What its sender says it is; the content decides. */
  readonly mimeType: string;
  readonly stream: AsyncIterable<Uint8Array>;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970 UTC: it says which month's folder. */
  readonly nowMs: number;
}

const RANDOM_BYTES = 8;
const REFERENCE = /^\d{4}-\d{2}\/in-[0-9a-f]{16}\.[a-z0-9]{1,5}$/;

/**
 * Stores an upload, counting as it comes; it is on disk for good when this resolves, so that a message may name it. Null when
 * it is larger than `maxBytes`. Throws what the stream and the disk say; then, too, nothing is left of it.
 */
export async function storeUpload(upload: Upload): Promise<AttachmentReference | null> {
  const { folder, name, mimeType, stream, maxBytes, signal, nowMs } = upload;
  const month = monthOf(nowMs);
  const path = await openMonth(folder, month);
  const stem = uploadStem(randomHex(RANDOM_BYTES));
  const unfinished = join(path, `${stem}.${UNFINISHED}`);
  const received = await receiveFile(unfinished, stream, maxBytes, signal);
  if (received.kind === "too_large") return null;
  const type = settledType({ kind: "file", mimeType }, received.head);
  const file = `${stem}.${extensionOf(type.mimeType)}`;
  try {
    await sync(unfinished);
    await rename(unfinished, join(path, file));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await sync(path);
  return { ...type, sizeBytes: received.sizeBytes, name: displayName(name, type), reference: `${month}/${file}` };
}

/** Whether a text could be what `storeUpload` gave as a reference. */
export function isUploadReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Opens an upload for reading, as an adapter's `fetchFile`; throws a `DeliveryError` when it is not kept any more. */
export async function openUpload(folder: string, reference: string): Promise<AsyncIterable<Uint8Array>> {
  const gone = (cause?: unknown) =>
    new DeliveryError("gone", "the uploaded file is not there any more", { certain: true, cause });
  if (!isUploadReference(reference)) throw gone();
  try {
    const file = await open(join(folder, reference), "r");
    return file.createReadStream();
  } catch (cause) {
    throw gone(cause);
  }
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, "r");
  await file.sync();
}

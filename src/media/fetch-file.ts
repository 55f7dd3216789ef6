import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import type { AttachmentReference } from "../message/message.ts";
import { DeliveryError } from "../platform/delivery-error.ts";
import { displayName } from "./display-name.ts";
import type { FetchedAttachment, MissingAttachment } from "./fetched-attachment.ts";
import { type CompleteFile, findComplete } from "./find-complete.ts";
import { inboundStem, monthBefore, monthOf, openMonth, UNFINISHED } from "./media-path.ts";
import { extensionOf } from "./media-types.ts";
import { orAbort } from "./or-abort.ts";
import { receiveFile } from "./receive-file.ts";
import { settledType } from "./settled-type.ts";

/** Opens one file for reading, as an adapter's `fetchFile`. */
export type OpenReference = (reference: AttachmentReference, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** What files are fetched from, and to. */
export interface FetchOptions {
  /** The media folder, absolute; made when it is not there. */
  readonly folder: string;
  /** The row of the message in the inbox, which is durable already. */
  readonly inboxId: number;
  /** Null when the platform has no way to fetch files. */
  readonly open: OpenReference | null;
  /** Largest file. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Longest fetch of one file: 20 MB at 350 kB/s; the person waits for the answer meanwhile. */
const FILE_TIMEOUT_MS = 60_000;

/** Fetches the `n`th file of a message, if it is not there already; never rejects. `fetchAttachments` calls it. */
export async function fetchFile(
  options: FetchOptions,
  reference: AttachmentReference,
  n: number,
): Promise<FetchedAttachment> {
  const { folder, inboxId, open, maxBytes, signal, clock } = options;
  const missing = (why: MissingAttachment["why"], limit: number | null, error: unknown): MissingAttachment => {
    return { kind: "missing", name: displayName(reference.name, reference), why, limit, error };
  };
  if (open === null) return missing("unsupported", null, null);
  if (reference.sizeBytes !== null && reference.sizeBytes > maxBytes) return missing("too_large", maxBytes, null);
  using limited = withTimeout(signal, clock);
  try {
    const stem = inboundStem(inboxId, n, reference.reference);
    const nowMs = clock.nowMs();
    const months = [monthOf(nowMs), monthBefore(nowMs)].map((month) => join(folder, month));
    const complete = await findComplete(months, stem);
    if (complete !== null) return fetched(reference, complete);
    const month = await openMonth(folder, monthOf(nowMs));
    const path = join(month, `${stem}.${UNFINISHED}`);
    const stream = await openStream(open, reference, limited.signal);
    const received = await receiveFile(path, stream, maxBytes, limited.signal);
    if (received.kind === "too_large") return missing("too_large", maxBytes, null);
    const target = join(month, `${stem}.${extensionOf(settledType(reference, received.head).mimeType)}`);
    await rename(path, target);
    return fetched(reference, { ...received, path: target });
  } catch (error) {
    return missing(reasonOf(error), null, error);
  }
}

function fetched(reference: AttachmentReference, { path, sizeBytes, head }: CompleteFile): FetchedAttachment {
  const type = settledType(reference, head);
  return { kind: "fetched", attachment: { ...type, sizeBytes, name: displayName(reference.name, type), path } };
}

async function openStream(
  open: OpenReference,
  reference: AttachmentReference,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  signal.throwIfAborted();
  const opening = open(reference, signal);
  try {
    return await orAbort(opening, signal);
  } catch (error) {
    // One that opens after all, too late, is closed; that it fails then is no news.
    opening.then((stream) => stream[Symbol.asyncIterator]().return?.()).catch(() => undefined);
    throw error;
  }
}

function reasonOf(error: unknown): MissingAttachment["why"] {
  if (!(error instanceof DeliveryError)) return "failed";
  switch (error.kind) {
    case "gone":
    case "forbidden":
      return "gone";
    case "too_long":
      return "too_large";
    case "rate_limited":
    case "unreachable":
    case "bad_format":
    case "unauthorized":
    case "unknown":
      return "failed";
  }
}

/** A signal that aborts with the given one, or when a file's time is over. */
function withTimeout(signal: AbortSignal, clock: Clock): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const timer = clock.setTimer(FILE_TIMEOUT_MS, () =>
    controller.abort(new Error(`the file was not whole after ${FILE_TIMEOUT_MS / 1_000} s`)),
  );
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      timer.cancel();
      signal.removeEventListener("abort", stop);
    },
  };
}

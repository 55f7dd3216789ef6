import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomHex } from "../clock/clock.ts";
import type { Attachment } from "../message/message.ts";
import { MAX_ATTACHMENT_BYTES, sizeText } from "./attachment-size.ts";
import { displayName } from "./display-name.ts";
import { monthOf, openMonth, outboundStem, UNFINISHED } from "./media-path.ts";
import { extensionOf } from "./media-types.ts";
import { settledType } from "./settled-type.ts";

/** Thrown for a file of an agent that is larger than may be sent; nothing was stored. */
export class FileTooLargeError extends Error {
  override readonly name = "FileTooLargeError";
}

/** A file an agent sends along with its answer. */
export interface OutgoingFile {
  /** The media folder, absolute; made when it is not there. */
  readonly folder: string;
  /** What the agent calls it: cleaned for people's eyes, never part of a path. */
  readonly name: string;
  /** What the agent says it is; the content decides. */
  readonly mimeType: string;
  readonly data: Uint8Array;
  /** Milliseconds since 1970 UTC: it says which month's folder. */
  readonly nowMs: number;
  /** Largest file; absent: `MAX_ATTACHMENT_BYTES`. */
  readonly maxBytes?: number;
}

const FILE_MODE = 0o600;
const RANDOM_BYTES = 8;

/**
 * Stores a file an agent sends, on disk for good when it resolves: the outbox row that names it may follow. Throws
 * `FileTooLargeError`, and what the disk says.
 */
export async function storeOutgoing(outgoing: OutgoingFile): Promise<Attachment> {
  const { folder, name, mimeType, data, nowMs, maxBytes = MAX_ATTACHMENT_BYTES } = outgoing;
  if (data.length > maxBytes) {
    throw new FileTooLargeError(
      `a file of the agent: expected at most ${sizeText(maxBytes)}, got ${sizeText(data.length)}`,
    );
  }
  const type = settledType({ kind: "file", mimeType }, data);
  const month = await openMonth(folder, monthOf(nowMs));
  const stem = join(month, outboundStem(randomHex(RANDOM_BYTES)));
  const path = `${stem}.${extensionOf(type.mimeType)}`;
  await writeDurably(`${stem}.${UNFINISHED}`, path, data);
  return { ...type, sizeBytes: data.length, name: displayName(name, type), path };
}

/** Unlike a file that can be fetched again, this one exists only here once the turn is over: it must outlive a loss of power. */
async function writeDurably(temporaryPath: string, path: string, data: Uint8Array): Promise<void> {
  try {
    await using file = await open(temporaryPath, "wx", FILE_MODE);
    await file.writeFile(data);
    await file.sync();
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true });
    throw error;
  }
  await using folder = await open(dirname(path), "r");
  await folder.sync();
}

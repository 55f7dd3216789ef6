import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomHex } from "../clock/clock.ts";
import type { Attachment } from "../message/message.ts";
import { displayName } from "./display-name.ts";
import { monthOf, outboundStem } from "./media-path.ts";
import { extensionOf } from "./media-types.ts";

const RANDOM_BYTES = 8;

/** Stores a text a command sends as a file, at once: commands run inside a transaction and wait for nothing. Throws what the disk says. */
export function storeText(outgoing: {
  /** The media folder, absolute; made when it is not there. */
  readonly folder: string;
  /** What people see; never part of a path. */
  readonly name: string;
  readonly mimeType: string;
  readonly text: string;
  /** Milliseconds since 1970 UTC: it says which month's folder. */
  readonly nowMs: number;
}): Attachment {
  const { folder, name, mimeType, text, nowMs } = outgoing;
  const month = join(folder, monthOf(nowMs));
  mkdirSync(month, { recursive: true, mode: 0o700 });
  const path = join(month, `${outboundStem(randomHex(RANDOM_BYTES))}.${extensionOf(mimeType)}`);
  writeFileSync(path, text, { mode: 0o600, flag: "wx", flush: true });
  const type = { kind: "file", mimeType } as const;
  return { ...type, sizeBytes: Buffer.byteLength(text), name: displayName(name, type), path };
}

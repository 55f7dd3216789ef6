import assert from "node:assert/strict";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fetchAttachments } from "../../src/media/fetch-attachments.ts";
import type { OpenReference } from "../../src/media/fetch-file.ts";
import type { FetchedAttachment } from "../../src/media/fetched-attachment.ts";
import type { Attachment, AttachmentReference } from "../../src/message/message.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";

/** The fifteenth of July. */
export const NOW_MS = Date.UTC(2026, 6, 15, 12);
/** Largest file of these tests. */
export const MAX_BYTES = 100_000;

/** A picture that the platform has at a path. */
export function reference(path: string, more: Partial<AttachmentReference> = {}): AttachmentReference {
  return { kind: "image", mimeType: "image/png", sizeBytes: null, name: "photo.png", reference: path, ...more };
}

/** Fetches as the gateway does, with what a test says differently. */
export function fetchWith(options: {
  readonly folder: string;
  readonly open: OpenReference | null;
  readonly references: readonly AttachmentReference[];
  readonly inboxId?: number;
  readonly signal?: AbortSignal;
  readonly clock?: FakeClock;
}) {
  const rest = { maxBytes: MAX_BYTES, inboxId: 7, signal: new AbortController().signal, clock: fakeClock(NOW_MS) };
  return fetchAttachments({ ...rest, ...options });
}

/** The one result there is. */
export function only(results: readonly FetchedAttachment[]): FetchedAttachment {
  const [result, ...others] = results;
  assert.ok(result !== undefined && others.length === 0, "expected one result");
  return result;
}

/** What was fetched; fails when it was not. */
export function attachmentOf(result: FetchedAttachment): Attachment {
  assert.ok(result.kind === "fetched", JSON.stringify(result));
  return result.attachment;
}

/** Why it was not fetched; fails when it was. */
export function whyOf(result: FetchedAttachment): string {
  assert.ok(result.kind === "missing", JSON.stringify(result));
  return result.why;
}

/** All files under a folder, by their path in it. */
export function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !lstatSync(join(folder, name)).isDirectory())
    .sort();
}

import type { Place } from "../gateway/live-feed.ts";
import { type PostEvent, storedPostEvent } from "../gateway/post-event.ts";
import { selectOutboxAfter } from "../store/outbox.ts";
import type { Reader } from "../store/sqlite.ts";
import { MAX_BUFFER_BYTES } from "./event-stream.ts";
import type { DirectPlatform } from "./message-body.ts";

/** Rows that are read for one that comes back; who was away for more reads the transcript. */
const MAX_ROWS = 2_000;
const PAGE = 500;

/** The posts of `platforms` after a number that `isWanted` wants, oldest first; null when they are too many to be told again. */
export function missedPosts(
  reader: Reader,
  platforms: readonly DirectPlatform[],
  after: number,
  isWanted: (place: Place) => boolean,
): readonly PostEvent[] | null {
  const missed: PostEvent[] = [];
  let sizeBytes = 0;
  for (const platform of platforms) {
    for (let from = after, rows = 0; ; ) {
      const page = selectOutboxAfter(reader, platform, from, PAGE);
      for (const post of page.map(storedPostEvent)) {
        if (!isWanted(post.place)) continue;
        missed.push(post);
        sizeBytes += Buffer.byteLength(post.text);
      }
      rows += page.length;
      if (rows >= MAX_ROWS || sizeBytes > MAX_BUFFER_BYTES / 2) return null;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      from = last.id;
    }
  }
  return missed.sort((a, b) => a.outboxId - b.outboxId);
}

import type { RecentPlace } from "../../src/platform/adapter.ts";
import type { ConversationKind } from "./known-names.ts";

/** Slack's clock and ours differ, and what was said last may have been said while we were going down. */
const OVERLAP_MS = 2 * 60 * 1000;
/** Most places read after one gap, the latest heard of: Slack allows about fifty such questions a minute. */
const MAX_PLACES = 200;

/** A place whose past is to be read. */
export interface PlaceToRead {
  readonly chatId: string;
  readonly threadId: string | null;
  /** Null for a channel of which only threads are known: then Slack's other words for it decide. */
  readonly kind: ConversationKind | null;
  readonly sinceMs: number;
}

/**
 * What to read after a gap: each place heard of, and for each thread also the channel it hangs in, where new mentions are made.
 * A channel comes before its threads.
 */
export function placesToRead(recent: readonly RecentPlace[]): readonly PlaceToRead[] {
  const chats = new Map<string, PlaceToRead>();
  const threads: PlaceToRead[] = [];
  for (const { chatType, chatId, threadId, lastHeardAtMs } of recent.slice(0, MAX_PLACES)) {
    const kind = chatType === "thread" ? null : chatType;
    const sinceMs = lastHeardAtMs - OVERLAP_MS;
    const known = chats.get(chatId);
    chats.set(chatId, {
      chatId,
      threadId: null,
      kind: known?.kind ?? kind,
      // Whoever heard of one thread at that time was connected, and heard the channel too.
      sinceMs: Math.max(known?.sinceMs ?? 0, sinceMs),
    });
    if (threadId !== null) threads.push({ chatId, threadId, kind, sinceMs });
  }
  return [...chats.values(), ...threads];
}

import type { Clock } from "../clock/clock.ts";
import type { ControlEffect } from "../command/command.ts";
import type { Events } from "../observe/events.ts";
import type { SessionStore } from "../store/store.ts";
import type { Compaction } from "./memory-tasks.ts";
import type { MemoryWork } from "./memory-work.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";

/** Compacts a conversation for whoever asked, and says in its place how that went. */
export async function compactFor(
  parts: {
    readonly memory: MemoryWork | null;
    readonly store: SessionStore;
    readonly clock: Clock;
    readonly events: Events;
    readonly adapterOf: AdapterOf;
    readonly onPosts: (posts: readonly Post[]) => void;
  },
  { sessionId, instructions, place, replyTo }: Extract<ControlEffect, { kind: "compact" }>,
): Promise<void> {
  const { memory, store, clock, events, adapterOf } = parts;
  try {
    const result = await memory?.compact(sessionId, instructions === null ? {} : { instructions });
    const text = result === undefined ? "Compaction is switched off here." : compactionText(result);
    const speech = { place, inboxId: null, session: null, kind: "message", replyTo, nowMs: clock.nowMs() } as const;
    parts.onPosts(await store.write((tx) => writePosts(tx, adapterOf, { ...speech, text })));
  } catch (error) {
    events.memoryFailed({ what: "compact", error, sessionId });
  }
}

/** What people read of a compaction. */
export function compactionText(result: Compaction): string {
  if (result.ok) {
    const { from, to, tokensBefore, tokensAfter, preserved, isExtractive } = result;
    const quoted = isExtractive ? " No model could be asked, so that it quotes what stands out." : "";
    return `Summed up messages ${from} to ${to}: about ${tokens(tokensBefore)} became ${tokens(tokensAfter)}. The last ${preserved} stay as they are, and nothing is lost.${quoted}`;
  }
  switch (result.reason) {
    case "empty":
      return "There is nothing to sum up yet: the conversation is short.";
    case "in_progress":
      return "This conversation is being summed up already.";
    case "summarizer_failed":
      return "Nothing shorter can be said of it. The conversation is as it was.";
    case "token_invalid":
    case "stale":
    case "store_failed":
      return "It could not be summed up just now. The conversation is as it was.";
  }
}

function tokens(count: number): string {
  return `${count.toLocaleString("en")} token${count === 1 ? "" : "s"}`;
}

import type { Clock } from "../clock/clock.ts";
import type { InboundMessage } from "../message/message.ts";
import type { SessionKey } from "../session/key.ts";
import { finishInbox, insertInbox } from "../store/inbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";

/** A conversation is told of the same reason at most this often: whoever floods the bot does not make it flood the chat. */
export const TELL_AGAIN_MS = 60_000;
/** Conversations and reasons remembered for that; the one told first is forgotten first. */
const MAX_TOLD = 1_000;

/** A message that is not taken, and why. */
export interface TurnedDown {
  readonly message: InboundMessage;
  readonly key: SessionKey;
  readonly agentId: string;
  readonly reason: "queue_full" | "too_long";
  /** For its sender. */
  readonly words: string;
}

/**
 * Turns a message down for good: it is known from now on, so that a redelivery or the chat's history does not bring it back, and its
 * sender is told by a post, once in a while. Resolves when that is on disk, false when the message was known before; rejects when it
 * could not be stored.
 */
export type TurnDown = (down: TurnedDown) => Promise<boolean>;

/** Opens it; nobody has been told anything. */
export function openTurnDown(parts: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly adapterOf: AdapterOf;
  readonly deliver: (posts: readonly Post[]) => void;
}): TurnDown {
  const { store, clock, adapterOf, deliver } = parts;
  const toldAtMs = new Map<string, number>();

  return async (down) => {
    const about = toldId(down);
    const nowMs = clock.monotonicMs();
    const lastMs = toldAtMs.get(about);
    const tells = lastMs === undefined || nowMs - lastMs >= TELL_AGAIN_MS;
    if (tells) remember(toldAtMs, about, nowMs);
    try {
      const posts = await store.write((tx) => writeDown(tx, adapterOf, down, tells, clock.nowMs()));
      if (posts !== null) deliver(posts);
      return posts !== null;
    } catch (error) {
      // Nobody was told: the next one is.
      if (tells) toldAtMs.delete(about);
      throw error;
    }
  };
}

/** The row by which the message is known, and the word to its sender; null when it was known before. */
function writeDown(
  tx: Tx,
  adapterOf: AdapterOf,
  { message, key, agentId, reason, words }: TurnedDown,
  tells: boolean,
  nowMs: number,
): readonly Post[] | null {
  const { platform, account, chatId, threadId } = message.source;
  const { messageId } = message;
  const row = { platform, account, chatId, messageId, key, agent: agentId, payload: "" };
  const inboxId = insertInbox(tx, { ...row, receivedAtMs: nowMs, mayReset: 0, begins: null });
  if (inboxId === null) return null;
  const place = { platform, account, chatId, threadId };
  const speech = { place, inboxId, session: null, kind: "notice", text: words, replyTo: messageId, nowMs } as const;
  const posts = tells ? writePosts(tx, adapterOf, speech) : [];
  const firstOutboxId = posts[0]?.outboxId ?? null;
  finishInbox(tx, { id: inboxId, state: "done", firstOutboxId, finishedAtMs: nowMs, error: `refused: ${reason}` });
  return posts;
}

function toldId({ message: { source }, reason }: TurnedDown): string {
  const { platform, account, chatId, threadId } = source;
  return JSON.stringify([platform, account, chatId, threadId, reason]);
}

function remember(toldAtMs: Map<string, number>, about: string, nowMs: number): void {
  toldAtMs.delete(about);
  toldAtMs.set(about, nowMs);
  const [oldest] = toldAtMs.keys();
  if (toldAtMs.size > MAX_TOLD && oldest !== undefined) toldAtMs.delete(oldest);
}

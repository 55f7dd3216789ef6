import type { Adapter } from "../platform/adapter.ts";
import { insertOutbox, type Lane, type OutboxRow } from "../store/outbox.ts";
import type { Tx } from "../store/writer.ts";

/** A post that was written to the outbox. */
export interface Post extends Lane {
  readonly outboxId: number;
  readonly inboxId: number | null;
  readonly kind: OutboxRow["kind"];
  readonly text: string;
  /** The message it answers; null on all but the first post of an answer. */
  readonly replyTo: string | null;
  readonly atMs: number;
  /** Whether storing it was delivering it. */
  readonly isDelivered: boolean;
}

/** Something to say in a conversation, before it is cut into posts. */
export interface Speech {
  readonly place: Lane;
  readonly inboxId: number | null;
  readonly session: number | null;
  readonly kind: OutboxRow["kind"];
  /** Markdown; an empty text makes no post. */
  readonly text: string;
  /** Shown on the first post, where the platform shows such a thing. */
  readonly replyTo: string | null;
  readonly nowMs: number;
}

/** The adapter of a platform's bot; undefined when it is not configured (any more). */
export type AdapterOf = (platform: string, account: string) => Adapter | undefined;

/** Writes one outbox row for each post the platform needs to say this, in order. */
export function writePosts(tx: Tx, adapterOf: AdapterOf, speech: Speech): Post[] {
  if (speech.text === "") return [];
  const { place, inboxId, session, kind, nowMs } = speech;
  const adapter = adapterOf(place.platform, place.account);
  const isDelivered = adapter?.deliversOnStore ?? false;
  const pieces = adapter?.split?.(speech.text) ?? [speech.text];
  return pieces.map((text, index) => {
    const replyTo = index === 0 ? speech.replyTo : null;
    const outboxId = insertOutbox(tx, {
      platform: place.platform,
      account: place.account,
      chatId: place.chatId,
      threadId: place.threadId,
      inboxId,
      session,
      kind,
      text,
      replyTo,
      state: isDelivered ? "sent" : "pending",
      nowMs,
      sentAtMs: isDelivered ? nowMs : null,
    });
    return { ...place, outboxId, inboxId, kind, text, replyTo, atMs: nowMs, isDelivered };
  });
}

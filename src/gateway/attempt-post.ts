import type { Attachment, Button, OutboundMessage, PrivateTo } from "../message/message.ts";
import type { Adapter } from "../platform/adapter.ts";
import { DeliveryError } from "../platform/delivery-error.ts";
import type { Lane, OutboxRow } from "../store/outbox.ts";

/** A row of the outbox as it stands before an attempt. */
export type WaitingPost = Pick<
  OutboxRow,
  | "id"
  | "text"
  | "reply_to"
  | "attempts"
  | "next_attempt_at_ms"
  | "created_at_ms"
  | "post_id"
  | "file"
  | "buttons"
  | "private_to"
  | "grows"
  | "maybe_sent"
  | "resends"
>;

/** What came of one attempt. */
export type Attempt =
  | { readonly kind: "sent"; readonly postId: string }
  /** It had arrived before: nothing was posted. */
  | { readonly kind: "found"; readonly postId: string }
  /** The post to be edited is gone: it has to be posted anew. */
  | { readonly kind: "lost" }
  /** It may have arrived, nobody can say, and it must not be posted twice (again). */
  | { readonly kind: "in_doubt" }
  | {
      readonly kind: "failed";
      readonly error: DeliveryError;
      /** It was noted as the second sending of a post in doubt. */
      readonly wasResend: boolean;
    };

/** Makes one attempt to bring a row to its platform: posts it, edits the post it has, or finds out that it arrived before. It never throws. */
export async function attemptPost(
  adapter: Adapter,
  lane: Lane,
  row: WaitingPost,
  onDoubt: {
    readonly policy: "resend" | "hold";
    /** Notes durably that it is sent once more, before it is. */
    readonly noteResend: () => Promise<void>;
  },
): Promise<Attempt> {
  let wasResend = false;
  try {
    if (row.post_id !== null) return await editPost(adapter, lane, row, row.post_id);
    const message = outboundOf(lane, row);
    if (row.maybe_sent === 1) {
      const found = (await adapter.findPost?.(message)) ?? { kind: "unknown" };
      if (found.kind === "found") return { kind: "found", postId: found.postId };
      if (found.kind === "unknown") {
        if (onDoubt.policy === "hold" || row.resends > 0) return { kind: "in_doubt" };
        await onDoubt.noteResend();
        wasResend = true;
      }
    }
    return { kind: "sent", postId: await adapter.send(message) };
  } catch (cause) {
    if (cause instanceof DeliveryError) return { kind: "failed", error: cause, wasResend };
    const message = cause instanceof Error ? cause.message : String(cause);
    return { kind: "failed", error: new DeliveryError("unknown", message, { certain: false, cause }), wasResend };
  }
}

async function editPost(adapter: Adapter, lane: Lane, row: WaitingPost, postId: string): Promise<Attempt> {
  if (adapter.edit === undefined) return { kind: "lost" };
  const { chatId, threadId } = lane;
  try {
    const buttons = row.buttons === null ? [] : (JSON.parse(row.buttons) as readonly Button[]);
    await adapter.edit({ chatId, threadId, postId, text: row.text, buttons, isFinal: row.grows === 0 });
    return { kind: "sent", postId };
  } catch (cause) {
    if (cause instanceof DeliveryError && cause.kind === "gone") return { kind: "lost" };
    throw cause;
  }
}

function outboundOf(lane: Lane, row: WaitingPost): OutboundMessage {
  return {
    outboxId: row.id,
    platform: lane.platform,
    account: lane.account,
    chatId: lane.chatId,
    threadId: lane.threadId,
    text: row.text,
    file: row.file === null ? null : (JSON.parse(row.file) as Attachment),
    buttons: row.buttons === null ? [] : (JSON.parse(row.buttons) as readonly Button[]),
    replyToMessageId: row.reply_to,
    privateTo: row.private_to === null ? null : (JSON.parse(row.private_to) as PrivateTo),
    attempt: row.attempts + 1,
    firstTriedAtMs: row.created_at_ms,
  };
}

import type { InboundMessage } from "../message/message.ts";
import type { InboxRow } from "../store/inbox.ts";

/** What every answer to a message has in common: where it goes, and that it answers this row. */
export function speechTo(row: InboxRow, message: InboundMessage, nowMs: number) {
  const { platform, account, chatId, threadId } = message.source;
  return {
    place: { platform, account, chatId, threadId },
    inboxId: row.id,
    replyTo: message.messageId,
    nowMs,
  };
}

import type { MessageBody } from "../../src/console/message-body.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { readSessionSource } from "../../src/session/source.ts";

/** A message of `parley chat`: always a direct chat. `fallbackId` is its id when it has none of its own. */
export function readLocalMessage(body: MessageBody, fallbackId: string): InboundMessage {
  const { chatId, threadId, userId, userName, text, messageId = fallbackId, attachments = [] } = body;
  return {
    source: readSessionSource({ platform: "local", chatType: "dm", chatId, threadId, userId, userName }),
    messageId,
    text,
    attachments,
  };
}

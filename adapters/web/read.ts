import type { MessageBody } from "../../src/console/message-body.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import { readSessionSource } from "../../src/session/source.ts";

/** A message of the console's page and of programs that use the HTTP API: always a direct chat. `fallbackId` is its id when it has none of its own. */
export function readWebMessage(body: MessageBody, fallbackId: string): InboundMessage {
  const { chatId, threadId, userId, userName, text, messageId = fallbackId, attachments = [] } = body;
  return {
    source: readSessionSource({ platform: "web", chatType: "dm", chatId, threadId, userId, userName }),
    messageId,
    text,
    attachments,
  };
}

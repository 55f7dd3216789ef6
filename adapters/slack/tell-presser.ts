import type { WebClient } from "@slack/web-api";
import type { InboundMessage } from "../../src/message/message.ts";
import type { AdapterEvents } from "../../src/platform/adapter.ts";

/** Tells whoever pressed a button, and nobody else, why that was not taken: the confirmation of a press has no room for words. */
export function tellPresser(web: WebClient, { source }: InboundMessage, words: string, events: AdapterEvents): void {
  const { chatId, threadId, userId } = source;
  if (userId === null) return;
  const thread = threadId === null ? {} : { thread_ts: threadId };
  web.chat
    .postEphemeral({ channel: chatId, user: userId, text: words, ...thread })
    .catch((error: unknown) => events.warning("who pressed a button could not be told why it was not taken", error));
}

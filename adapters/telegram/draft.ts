import type { ChatPlace } from "../../src/platform/adapter.ts";
import type { TelegramClient } from "./client.ts";
import { deliveryErrorOf, isMethodUnknown } from "./errors.ts";
import { telegramHtml, telegramPlain } from "./format.ts";
import { withMarkup } from "./send.ts";
import { topicParameters } from "./target.ts";

/** Shows an answer as it grows, above the input of a private chat; false where that is not to be had. Throws a `DeliveryError`. */
export type Draft = (place: ChatPlace, draftId: number, markdown: string) => Promise<boolean>;

/** Makes the function that shows drafts (core.telegram.org/bots/api#sendmessagedraft). */
export function openDraft(client: TelegramClient): Draft {
  let isKnown = true;
  return async ({ chatId, threadId }, draftId, markdown) => {
    const id = Number(chatId);
    // Groups and channels have negative ids.
    if (!isKnown || !(id > 0)) return false;
    const topic = topicParameters(threadId);
    try {
      await withMarkup(
        () => client.api.sendMessageDraft(id, draftId, telegramHtml(markdown), { ...topic, parse_mode: "HTML" }),
        () => client.api.sendMessageDraft(id, draftId, telegramPlain(markdown), topic),
      );
      return true;
    } catch (error) {
      if (isMethodUnknown(error)) {
        isKnown = false;
        return false;
      }
      const failure = deliveryErrorOf(error);
      // Not for this bot, or not for this chat: the answer is shown as a post then.
      if (failure.kind === "bad_format" || failure.kind === "gone") return false;
      throw failure;
    }
  };
}

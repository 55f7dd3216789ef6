import type { TelegramClient } from "./client.ts";

/** core.telegram.org/bots/api#answercallbackquery */
const MAX_CALLBACK_ANSWER_LENGTH = 200;

/** What the adapter itself answers to a pressed button: best effort, never waited for by what is read. */
export interface Replies {
  /** Ends the waiting shown on it, with `words` in a window when there are any. */
  acknowledge(callbackId: string, words: string | null): void;
  /** Takes the buttons off a post. */
  removeButtons(chatId: string, postId: string): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Nothing said yet. */
export function openReplies(client: TelegramClient): Replies {
  const underWay = new Set<Promise<unknown>>();
  const start = (call: Promise<unknown>) => {
    // Of no more use a moment later, and nothing that is owed to anybody: a failure changes nothing.
    const done = call.catch(() => undefined).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  return {
    acknowledge(callbackId, words) {
      const answer = words === null ? {} : { text: words.slice(0, MAX_CALLBACK_ANSWER_LENGTH), show_alert: true };
      start(client.api.answerCallbackQuery(callbackId, answer));
    },
    removeButtons(chatId, postId) {
      start(client.api.editMessageReplyMarkup(chatId, Number(postId)));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

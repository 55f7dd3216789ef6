import type { Clock } from "../../src/clock/clock.ts";
import type { InboundMessage } from "../../src/message/message.ts";
import type { TelegramClient } from "./client.ts";
import { sendParameters } from "./target.ts";

/** A chat is told at most this often that its messages are not taken: whoever floods it reads it once. */
const TELL_AGAIN_MS = 30_000;
/** Chats remembered for that; the one told first is forgotten first. */
const MAX_TOLD_CHATS = 1_000;
/** core.telegram.org/bots/api#answercallbackquery */
const MAX_CALLBACK_ANSWER_LENGTH = 200;

/** What the adapter itself says back, beside the outbox: best effort, never waited for by what is read. */
export interface Replies {
  /** Ends the waiting shown on a pressed button, with `words` in a window when there are any. */
  acknowledge(callbackId: string, words: string | null): void;
  /** Takes the buttons off a post. */
  removeButtons(chatId: string, postId: string): void;
  /** Says why a message was not taken. */
  tell(message: InboundMessage, words: string): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Nothing said yet. */
export function openReplies(client: TelegramClient, clock: Clock): Replies {
  const underWay = new Set<Promise<unknown>>();
  const toldAtMs = new Map<string, number>();
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
    tell({ source, messageId }, words) {
      const place = `${source.chatId} ${source.threadId}`;
      const nowMs = clock.monotonicMs();
      const lastMs = toldAtMs.get(place);
      if (lastMs !== undefined && nowMs - lastMs < TELL_AGAIN_MS) return;
      toldAtMs.delete(place);
      toldAtMs.set(place, nowMs);
      const [oldest] = toldAtMs.keys();
      if (toldAtMs.size > MAX_TOLD_CHATS && oldest !== undefined) toldAtMs.delete(oldest);
      const { chatId, threadId } = source;
      start(
        client.api.sendMessage(
          chatId,
          words,
          sendParameters({ chatId, threadId, replyToMessageId: messageId, buttons: [] }),
        ),
      );
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

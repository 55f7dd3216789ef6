import type { Clock, Timer } from "../../src/clock/clock.ts";
import type { TelegramClient } from "./client.ts";
import { telegramPlain } from "./format.ts";
import { topicParameters } from "./target.ts";

/** core.telegram.org/bots/api#answercallbackquery */
const MAX_CALLBACK_ANSWER_LENGTH = 200;
/** Who pressed a button looks at its waiting for no longer than this, even when the disk is slower: the rest of three seconds is for the way. */
const ACKNOWLEDGE_BY_MS = 2_500;
/** Presses remembered until they are taken, the oldest forgotten first: one answer to a poll holds a hundred. */
const MAX_PRESSES = 1_000;

/** A press as it is answered. */
export interface Press {
  readonly callbackId: string;
  readonly chatId: string;
  readonly threadId: string | null;
}

/** What the adapter itself answers to a pressed button: best effort, never waited for by what is read. */
export interface Replies {
  /** One has come: from now on it is acknowledged in time, whatever it has to wait for. */
  pressed(callbackId: string): void;
  /** Ends the waiting shown on it, with `words` in a window when there are any; a window that comes too late is a post. */
  acknowledge(press: Press, words: string | null): void;
  /** Takes the buttons off a post. */
  removeButtons(chatId: string, postId: string): void;
  /** Forgets the presses that were not taken: they are the next process's. */
  forget(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Nothing said yet. */
export function openReplies(client: TelegramClient, clock: Clock): Replies {
  const underWay = new Set<Promise<unknown>>();
  /** The presses that are being taken; null for those that are acknowledged already. A button that means nothing stays until it is among the oldest. */
  const deadlines = new Map<string, Timer | null>();
  const start = (call: Promise<unknown>) => {
    // Of no more use a moment later, and nothing that is owed to anybody: a failure changes nothing.
    const done = call.catch(() => undefined).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  return {
    pressed(callbackId) {
      if (deadlines.has(callbackId)) return;
      const late = () => {
        deadlines.set(callbackId, null);
        start(client.api.answerCallbackQuery(callbackId));
      };
      deadlines.set(callbackId, clock.setTimer(ACKNOWLEDGE_BY_MS, late));
      for (const [oldest, deadline] of deadlines) {
        if (deadlines.size <= MAX_PRESSES) break;
        deadline?.cancel();
        deadlines.delete(oldest);
      }
    },
    acknowledge({ callbackId, chatId, threadId }, words) {
      const deadline = deadlines.get(callbackId);
      deadlines.delete(callbackId);
      deadline?.cancel();
      if (deadline === null) {
        if (words !== null) start(client.api.sendMessage(chatId, telegramPlain(words), topicParameters(threadId)));
        return;
      }
      const answer = words === null ? {} : { text: words.slice(0, MAX_CALLBACK_ANSWER_LENGTH), show_alert: true };
      start(client.api.answerCallbackQuery(callbackId, answer));
    },
    removeButtons(chatId, postId) {
      start(client.api.editMessageReplyMarkup(chatId, Number(postId)));
    },
    forget() {
      for (const deadline of deadlines.values()) deadline?.cancel();
      deadlines.clear();
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

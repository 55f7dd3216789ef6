import type { WebClient } from "@slack/web-api";
import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { ChatPlace } from "../../src/platform/adapter.ts";
import { slackErrorCode } from "./errors.ts";

/** A message that is being answered. */
export type AnsweredMessage = ChatPlace & { readonly messageId: string };

/** Shows that an answer is being worked on. */
export interface Typing {
  /** Resolves when it is shown, or can't be; never rejects. */
  show(message: AnsweredMessage): Promise<void>;
  /** Takes back what was shown; rejects when Slack did not. */
  done(message: AnsweredMessage): Promise<void>;
  /** Something was posted there: Slack takes a status back by itself. */
  posted(place: ChatPlace): void;
}

type Way = "status" | "reaction";

interface Sign {
  readonly message: AnsweredMessage;
  readonly isDone: AbortController;
  /** How it is shown; null while it is not. */
  way: Way | null;
  work: Promise<void>;
}

/** What is shown: "Parley is thinking…". */
const STATUS = "is thinking…";
const REACTION = "eyes";
/** An answer that comes sooner needs no sign, and costs no two calls for one. */
const SHOW_AFTER_MS = 600;
/** Most messages whose sign is remembered so that it can be taken back: far more than turns run at a time. */
const MAX_SIGNS = 1000;
/** Refusals that say something about this one place or message, and nothing about the next. */
const OF_THIS_PLACE = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "thread_not_found",
  "message_not_found",
  "invalid_thread_ts",
  "too_many_reactions",
  "ratelimited",
  "internal_error",
  "fatal_error",
]);

/** A status where there is a thread to show it in, else a reaction on the message; what Slack refuses is not tried again there. */
export function openTyping(web: WebClient, clock: Clock): Typing {
  const signs = new Map<string, Sign>();
  const refused = new Set<string>();

  async function show(sign: Sign, afterMs: number): Promise<void> {
    await sleep(clock, afterMs, sign.isDone.signal);
    // A reaction stays; a status fades after two minutes, and is repeated.
    if (sign.isDone.signal.aborted || sign.way === "reaction") return;
    for (const way of waysFor(sign.message)) {
      if (await attempt(way, sign.message)) {
        sign.way = way;
        return;
      }
    }
  }

  async function attempt(way: Way, { chatId, threadId, messageId }: AnsweredMessage): Promise<boolean> {
    const use = `${way} ${chatId.startsWith("D") ? "dm" : "channel"}`;
    if (refused.has(use)) return false;
    try {
      if (way === "reaction") await web.reactions.add({ channel: chatId, timestamp: messageId, name: REACTION });
      else await setStatus(web, chatId, threadId ?? messageId, STATUS);
      return true;
    } catch (error) {
      const code = slackErrorCode(error);
      if (code === "already_reacted") return true;
      // Whoever can't be reached now may be in four seconds; only what Slack refuses as such is given up.
      if (code !== null && !OF_THIS_PLACE.has(code)) refused.add(use);
      return false;
    }
  }

  return {
    show(message) {
      const key = keyOf(message);
      const known = signs.get(key);
      const sign = known ?? { message, isDone: new AbortController(), way: null, work: Promise.resolve() };
      signs.set(key, sign);
      for (const oldest of signs.keys()) {
        if (signs.size <= MAX_SIGNS) break;
        signs.delete(oldest);
      }
      sign.work = sign.work.then(() => show(sign, known === undefined ? SHOW_AFTER_MS : 0));
      return sign.work;
    },
    async done(message) {
      const key = keyOf(message);
      const sign = signs.get(key);
      if (sign === undefined) return;
      signs.delete(key);
      sign.isDone.abort();
      await sign.work;
      const { chatId, threadId, messageId } = message;
      if (sign.way === "reaction") {
        await web.reactions.remove({ channel: chatId, timestamp: messageId, name: REACTION });
      } else if (sign.way === "status") await setStatus(web, chatId, threadId ?? messageId, "");
    },
    posted({ chatId, threadId }) {
      for (const sign of signs.values()) {
        const isThere = sign.message.chatId === chatId && sign.message.threadId === threadId;
        if (isThere && sign.way === "status") sign.way = null;
      }
    },
  };
}

/** A status needs a thread; a reaction needs a message of Slack's: commands and buttons have ids of our own. */
function waysFor({ threadId, messageId }: AnsweredMessage): readonly Way[] {
  const reaction: readonly Way[] = /^\d+\.\d+$/.test(messageId) ? ["reaction"] : [];
  return threadId === null ? reaction : ["status", ...reaction];
}

function setStatus(web: WebClient, chatId: string, threadId: string, status: string): Promise<unknown> {
  return web.apiCall("assistant.threads.setStatus", { channel_id: chatId, thread_ts: threadId, status });
}

function keyOf({ chatId, threadId, messageId }: AnsweredMessage): string {
  return JSON.stringify([chatId, threadId, messageId]);
}

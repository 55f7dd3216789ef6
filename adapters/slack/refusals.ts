import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../src/clock/clock.ts";
import type { AdapterEvents } from "../../src/platform/adapter.ts";
import type { Reading } from "./read.ts";

/** One such word a chat in this time: whoever floods the bot is not flooded back. */
const QUIET_MS = 60_000;
/** Most chats remembered for that. */
const MAX_CHATS = 1000;

/** Tells senders why their message was not taken, once a minute in a chat. */
export function openRefusals(
  web: WebClient,
  clock: Clock,
  events: AdapterEvents,
): (reading: Reading, message: string) => void {
  const toldAtMs = new Map<string, number>();
  return (reading, message) => {
    if (!("message" in reading)) return;
    const { chatId, threadId } = reading.message.source;
    const last = toldAtMs.get(chatId);
    if (last !== undefined && clock.monotonicMs() - last < QUIET_MS) return;
    toldAtMs.delete(chatId);
    toldAtMs.set(chatId, clock.monotonicMs());
    for (const oldest of toldAtMs.keys()) {
      if (toldAtMs.size <= MAX_CHATS) break;
      toldAtMs.delete(oldest);
    }
    web.chat
      .postMessage({ channel: chatId, text: message, ...(threadId === null ? {} : { thread_ts: threadId }) })
      .catch((error: unknown) => events.warning("a sender could not be told why a message was not taken", error));
  };
}

import type { ChatMessage } from "./gateway-lives.ts";
import { sampleTexts } from "./sample-text.ts";

/** Texts that are made once and used again and again. */
const texts = sampleTexts(5_000);
let count = 0;

/** Messages for several lanes that are worked on side by side: `perLane` in each, to the chats that `chatOf` names. */
export function traffic(lanes: number, perLane: number, chatOf: (lane: number) => number): ChatMessage[][] {
  return Array.from({ length: lanes }, (_, lane) => Array.from({ length: perLane }, () => messageTo(chatOf(lane))));
}

/** One message with an id and a text of its own. */
export function messageTo(chat: number): ChatMessage {
  count += 1;
  return { chat, messageId: String(count), text: texts[count % texts.length] ?? "" };
}

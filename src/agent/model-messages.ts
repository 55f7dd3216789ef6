import type { ModelMessage } from "ai";
import type { AgentMessage } from "./backend.ts";

/** Bytes of UTF-8 that make a token, roughly: four letters of English, a bit more than one Chinese character. */
const BYTES_PER_TOKEN = 4;
/** One line of a person in so many begins a window that is cut: see `anchored`. */
const ANCHOR_EVERY = 8;
/** What stands before a conversation that the assistant began: many models want the first word to be a person's. */
const NO_FIRST_WORD = "(You wrote first.)";

/** The newest lines of a conversation that `limits` allow. */
export function historyWindow(
  history: (limit: number) => readonly AgentMessage[],
  limits: { readonly historyMessages: number; readonly historyTokens: number },
): readonly AgentMessage[] {
  const lines = history(limits.historyMessages);
  let budgetBytes = limits.historyTokens * BYTES_PER_TOKEN;
  let start = lines.length;
  for (const line of lines.toReversed()) {
    budgetBytes -= Buffer.byteLength(line.text);
    if (budgetBytes < 0) break;
    start--;
  }
  const isCut = start > 0 || lines.length === limits.historyMessages;
  return isCut ? anchored(lines.slice(start)) : lines;
}

/**
 * Lets a window that was cut begin at a line that stays the first one for several turns. A window that moves by two lines
 * a turn has a new beginning every time, and a provider's prompt cache never holds.
 */
function anchored(lines: readonly AgentMessage[]): readonly AgentMessage[] {
  const latest = lines.length / 3;
  const start = lines.findIndex(
    ({ role, atMs }, index) => role === "user" && atMs % ANCHOR_EVERY === 0 && index < latest,
  );
  return start === -1 ? lines : lines.slice(start);
}

/** The newer half of the lines, for a model that found them too long. */
export function newerHalf(lines: readonly AgentMessage[]): readonly AgentMessage[] {
  return lines.slice(Math.ceil(lines.length / 2));
}

/**
 * A conversation as models take it: user and assistant in turns, a user first, nothing empty. Notes of ours stand among
 * the user's lines as notes; what a tool said in an earlier turn is left out, since its call is not there either.
 */
export function modelMessages(lines: readonly AgentMessage[]): readonly ModelMessage[] {
  const messages: { role: "user" | "assistant"; content: string }[] = [];
  for (const { role, text } of lines) {
    if (role === "tool" || text.trim() === "") continue;
    const speaker = role === "assistant" ? "assistant" : "user";
    const content = role === "system" ? `[Note: ${text}]` : text;
    const last = messages.at(-1);
    if (last?.role === speaker) last.content += `\n\n${content}`;
    else if (last === undefined && speaker === "assistant") {
      messages.push({ role: "user", content: NO_FIRST_WORD }, { role: speaker, content });
    } else messages.push({ role: speaker, content });
  }
  return messages;
}

import type { ModelMessage } from "ai";
import type { AgentMessage } from "./backend.ts";

/** What stands before a conversation that the assistant began: many models want the first word to be a person's. */
const NO_FIRST_WORD = "(You wrote first.)";

/** Bytes of UTF-8 that make a token, roughly: four letters of English, a bit more than one Chinese character. */
const BYTES_PER_TOKEN = 4;

/** About how many tokens a text takes. */
export function roughTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
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

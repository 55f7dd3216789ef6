import type { SessionSource } from "./source.ts";
import { untrustedLine } from "./untrusted-text.ts";

/**
 * One line for people about where a message came from: `DM with Ann`, `group: Ops`, `channel: #general, thread: 42`.
 * Names in it are cleaned, yet still other people's words: quote the line where that matters.
 */
export function describeSource(source: SessionSource): string {
  if (source.platform === "local") return "CLI terminal";
  // Where jobs run there is nobody: a thread is one run.
  if (source.platform === "job") {
    const job = label(source.chatName, source.chatId);
    return source.threadId === null ? job : `run ${label(source.threadId)} of ${job}`;
  }
  // A thread that is a chat of its own carries its id twice: naming it once is enough.
  const thread = source.threadId === source.chatId ? null : source.threadId;
  return thread === null ? chatLine(source) : `${chatLine(source)}, thread: ${label(thread)}`;
}

function chatLine(source: SessionSource): string {
  const { chatType, chatId, chatName } = source;
  switch (chatType) {
    case "dm":
      return `DM with ${label(source.userName, source.userId, chatId)}`;
    case "group":
      return `group: ${label(chatName, chatId)}`;
    case "channel":
      return `channel: ${label(chatName, chatId)}`;
    case "thread":
      return source.threadId === null || source.threadId === chatId
        ? `thread: ${label(chatName, chatId)}`
        : label(chatName, chatId);
  }
}

function label(...candidates: readonly (string | null)[]): string {
  for (const candidate of candidates) {
    const text = untrustedLine(candidate ?? "");
    if (text !== "") return text;
  }
  return "somebody";
}

import { join } from "node:path";
import { type ChatDoor, questionOf } from "./chat-door.ts";
import { openChatHistory } from "./chat-history.ts";
import { openChatScreen } from "./chat-screen.ts";
import type { ExitCode } from "./cli-command.ts";
import { openLineEditor } from "./line-editor.ts";
import type { Terminal } from "./terminal.ts";

/** Talks with the person at the terminal until they leave. */
export async function terminalChat(terminal: Terminal, door: ChatDoor, dataDir: string): Promise<ExitCode> {
  const history = openChatHistory(join(dataDir, "chat_history"));
  let leaving: AbortController | null = null;
  using editor = openLineEditor(terminal, history.lines, () => leaving?.abort());
  const screen = openChatScreen(editor.output);
  terminal.print(`(${door.description}; Ctrl-D leaves)`);
  door.watch(screen.event);
  for (;;) {
    const text = await editor.readLine();
    if (text === null) return 0;
    if (text.trim() === "") continue;
    history.add(text);
    leaving = new AbortController();
    const question = questionOf(text);
    screen.asked(question.messageId);
    try {
      screen.settled(await door.ask(question, leaving.signal, screen.note));
    } finally {
      leaving = null;
    }
  }
}

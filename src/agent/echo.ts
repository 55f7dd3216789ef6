import type { AgentBackend, AgentEvent } from "./backend.ts";

/** How an agent is connected, said once at the start of each conversation: whoever sees an echo wants to know. */
const HINT =
  "This is the built-in echo agent: it repeats what you write. A model answers when I am started with OPENAI_API_KEY or " +
  "ANTHROPIC_API_KEY set, or OPENAI_BASE_URL and OPENAI_MODEL for an endpoint of your own; README.md tells more.";

/** The agent that repeats what it is told, without keys or network; in a conversation's first answer it says what it is. */
export function echoAgent(): AgentBackend {
  return {
    name: "echo",
    answerAtOnce: ({ text, isFirst }) => echoOf(text, isFirst),
    async *run({ message, isFirst }): AsyncGenerator<AgentEvent> {
      yield { kind: "text", delta: echoOf(message.text, isFirst) };
      yield { kind: "done" };
    },
  };
}

function echoOf(text: string, isFirst: boolean): string {
  return isFirst ? `${text}\n\n${HINT}` : text;
}

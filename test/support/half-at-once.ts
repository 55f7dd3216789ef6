import { fileURLToPath } from "node:url";
import type { AgentBackend } from "../../src/agent/backend.ts";

/** Settings of an agent that repeats what it is told: texts whose last digit is even at once, within the transaction that stores them, the others in a turn. */
export const halfAtOnce = { kind: "module", path: fileURLToPath(import.meta.url) } as const;

/** It, as a daemon loads it. */
export const agent: AgentBackend = {
  name: "half at once",
  answerAtOnce: ({ text }) => (/[02468]\D*$/.test(text) ? text : null),
  async *run({ message }) {
    yield { kind: "text", delta: message.text };
    yield { kind: "done" };
  },
};

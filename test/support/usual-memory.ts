import type { AgentBackend, AgentEvent, ContextLimits, TurnContext, TurnRequest } from "../../src/agent/backend.ts";
import type { MemoryRules } from "../../src/gateway/memory-rules.ts";
import { DEFAULT_THRESHOLDS } from "../../src/memory/thresholds.ts";
import { attentiveAnswer } from "../fake/model/attentive-model.ts";

/** Memory as the configuration has it by default. */
export const usualMemory: MemoryRules = {
  enabled: true,
  agent: null,
  thresholds: DEFAULT_THRESHOLDS,
  tailMessages: 20,
  extracts: true,
  hygiene: "strict",
  recallTokens: 1_500,
  retentionMs: 30 * 24 * 60 * 60_000,
  exportFolder: null,
  hooks: [],
};

/** An agent that reads its context, answers from it, and can be asked aside; what it was shown is there to be looked at. */
export interface AttentiveAgent extends AgentBackend {
  readonly shown: TurnContext[];
  readonly requests: TurnRequest[];
  /** What it was asked aside. */
  readonly asides: string[];
  /** How often it is to say that the conversation is too long. */
  refusals: number;
}

/** Opens one that takes so much. */
export function attentiveAgent(limits: ContextLimits = { messages: 20, tokens: 4_000 }): AttentiveAgent {
  const shown: TurnContext[] = [];
  const requests: TurnRequest[] = [];
  const asides: string[] = [];
  const agent: AttentiveAgent = {
    name: "attentive",
    shown,
    requests,
    asides,
    refusals: 0,
    async *run(request): AsyncIterable<AgentEvent> {
      requests.push(request);
      const context = await request.context(limits);
      shown.push(context);
      if (agent.refusals > 0) {
        agent.refusals -= 1;
        const failure = { reason: "too_long", message: "Too long.", detail: "of the test", retryable: false } as const;
        yield { kind: "failed", failure };
        return;
      }
      const lines = context.lines.map(({ text }) => text);
      const said = [context.earlier, ...lines, context.remembered].join("\n");
      yield { kind: "text", delta: attentiveAnswer("", said, request.message.text) };
      yield { kind: "done" };
    },
    async complete({ instructions, text }) {
      asides.push(instructions);
      return { text: attentiveAnswer(instructions, text, ""), usage: null, failure: null };
    },
  };
  return agent;
}

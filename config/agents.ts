import { z } from "zod";
import { fieldFacts } from "./field.ts";
import { anthropicAgent, openaiAgent } from "./model-agents.ts";
import { acpAgent, commandAgent, httpAgent, moduleAgent } from "./program-agents.ts";

const echoAgent = z.object({
  kind: z.literal("echo").describe("Answers with what it was told; needs nothing."),
});

/** One agent; `kind` says which. */
export const agentSection = z
  .discriminatedUnion("kind", [echoAgent, openaiAgent, anthropicAgent, commandAgent, acpAgent, moduleAgent, httpAgent])
  .register(fieldFacts, { expected: "a section with a kind, such as { kind: echo }" });

/** One agent's settings, defaults filled. */
export type AgentConfig = Readonly<z.output<typeof agentSection>>;

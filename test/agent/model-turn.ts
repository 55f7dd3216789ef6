import type { AgentBackend, AgentEvent, AgentFailure, AgentTool, TurnRequest } from "../../src/agent/backend.ts";
import type { ModelOptions } from "../../src/agent/model-options.ts";
import { type Clock, systemClock } from "../../src/clock/clock.ts";
import { turnRequest } from "./turn-request.ts";

/** What every test model is given. */
export const KEY = "sk-test-1234567890";

/** Options of a model at an address; for Anthropic the address is the same without `/v1`. */
export function modelOptions(
  baseUrl: string,
  changes: Partial<ModelOptions> = {},
  clock: Clock = systemClock,
): ModelOptions {
  return {
    name: "main",
    baseUrl,
    model: "fake",
    apiKey: KEY,
    instructions: null,
    headers: {},
    temperature: null,
    maxOutputTokens: null,
    historyMessages: 100,
    historyTokens: 50_000,
    contextTokens: null,
    firstByteTimeoutMs: 60_000,
    maxSteps: 10,
    prices: null,
    hasFallback: false,
    clock,
    ...changes,
  };
}

/** A tool that answers with what `run` returns. */
export function agentTool(name: string, run: (input: unknown) => Promise<string>): AgentTool {
  const inputSchema = { type: "object", properties: { query: { type: "string" } } };
  return { name, description: `The tool ${name}.`, inputSchema, run };
}

/** How a turn went. */
export interface RunTurn {
  readonly events: readonly AgentEvent[];
  readonly text: string;
  readonly failure: AgentFailure | null;
}

/** Runs a turn to its end; fails when it does not end with exactly one `done` or `failed`. */
export async function runTurn(
  agent: AgentBackend,
  request: TurnRequest = turnRequest(),
  options: { readonly signal?: AbortSignal; readonly onEvent?: (event: AgentEvent) => void } = {},
): Promise<RunTurn> {
  const events: AgentEvent[] = [];
  for await (const event of agent.run(request, options.signal ?? new AbortController().signal)) {
    events.push(event);
    options.onEvent?.(event);
  }
  const ends = events.filter(({ kind }) => kind === "done" || kind === "failed");
  const last = events.at(-1);
  if (ends.length !== 1 || last !== ends[0]) throw new Error(`expected one end, got ${JSON.stringify(events)}`);
  return {
    events,
    text: events.map((event) => (event.kind === "text" ? event.delta : "")).join(""),
    failure: last?.kind === "failed" ? last.failure : null,
  };
}

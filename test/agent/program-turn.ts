import type { AgentBackend, AgentEvent, TurnRequest } from "../../src/agent/backend.ts";

/** A turn's request with the usual in it. */
export function turnRequest(changes: Partial<TurnRequest> = {}): TurnRequest {
  const history = changes.history ?? (() => []);
  return {
    sessionId: "20260101_000000_00000001",
    sessionKey: "agent:main:test:dm:1",
    prompt: () => "You are in a test.",
    message: { text: "Hello", attachments: [] },
    history,
    context: async ({ messages }) => ({ earlier: "", remembered: "", lines: history(messages) }),
    shorten: async () => null,
    attempt: 1,
    model: null,
    tools: [],
    askApproval: async () => false,
    takeSteering: () => [],
    ...changes,
  };
}

/** Everything an agent says in a turn. */
export async function eventsOf(
  agent: AgentBackend,
  request: TurnRequest = turnRequest(),
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of agent.run(request, signal)) events.push(event);
  return events;
}

/** The text among events. */
export function textOf(events: readonly AgentEvent[]): string {
  return events.map((event) => (event.kind === "text" ? event.delta : "")).join("");
}

/** The last event, which must be a failure. */
export function failureOf(events: readonly AgentEvent[]) {
  const last = events.at(-1);
  if (last?.kind !== "failed") throw new Error(`expected a failure at the end, got ${JSON.stringify(last)}`);
  return last.failure;
}

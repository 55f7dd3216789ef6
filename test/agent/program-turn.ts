import type { AgentBackend, AgentEvent, TurnRequest } from "../../src/agent/backend.ts";
import { turnRequest } from "./turn-request.ts";

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

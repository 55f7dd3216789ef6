import type { AgentBackend, AgentEvent, AgentFailure, TurnRequest, Usage } from "./backend.ts";
import { addUsage } from "./price.ts";

/** What another agent may not suffer from: it has its own key, provider and limits. What was refused stays refused. */
const survivable: ReadonlySet<AgentFailure["reason"]> = new Set([
  "unavailable",
  "quota",
  "misconfigured",
  "timeout",
  "too_long",
  "error",
]);

/**
 * An agent that hands a turn to a second one when the first fails before it said or did anything; `onFallback` is told why,
 * before the second begins. The second runs its own model whatever `/model` chose for the first.
 */
export function withFallback(
  first: AgentBackend,
  second: AgentBackend,
  onFallback: (failure: AgentFailure) => void,
): AgentBackend {
  return {
    name: first.name,
    // What is given to an agent that never asks is lost.
    ...(first.takesSteering === true && second.takesSteering === true ? { takesSteering: true } : {}),
    run: (request, signal) => runBoth(first, second, onFallback, request, signal),
    ...completionOf(first, second),
    async close() {
      await Promise.all([first.close?.(), second.close?.()]);
    },
  };
}

async function* runBoth(
  first: AgentBackend,
  second: AgentBackend,
  onFallback: (failure: AgentFailure) => void,
  request: TurnRequest,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  let hasBegun = false;
  let spent: Usage | null = null;
  let failure: AgentFailure | null = null;
  for await (const event of first.run(request, signal)) {
    if (event.kind === "failed" && !hasBegun && survivable.has(event.failure.reason) && !signal.aborted) {
      failure = event.failure;
      break;
    }
    if (event.kind === "usage") spent = event.usage;
    else hasBegun = true;
    yield event;
  }
  if (failure === null) return;
  onFallback(failure);
  for await (const event of second.run({ ...request, model: null }, signal)) {
    yield event.kind === "usage" ? { kind: "usage", usage: addUsage(spent, event.usage) ?? event.usage } : event;
  }
}

/** Asks those of the two that can, the second where the first fails. Nobody sits and waits for it, so nobody is told. */
function completionOf(first: AgentBackend, second: AgentBackend): Pick<AgentBackend, "complete"> {
  const ofFirst = first.complete?.bind(first);
  const ofSecond = second.complete?.bind(second);
  const either = ofFirst ?? ofSecond;
  if (either === undefined) return {};
  if (ofFirst === undefined || ofSecond === undefined) return { complete: either };
  return {
    async complete(request, signal) {
      const done = await ofFirst(request, signal);
      if (done.failure === null || !survivable.has(done.failure.reason) || signal.aborted) return done;
      const other = await ofSecond(request, signal);
      return { ...other, usage: addUsage(done.usage, other.usage) };
    },
  };
}

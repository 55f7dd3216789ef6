import type { Clock } from "../clock/clock.ts";
import type { AgentBackend, AgentEvent, AgentFailure, TurnRequest, Usage } from "./backend.ts";
import { type CoolDown, coolDown } from "./cool-down.ts";
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
/** What the next turn will most likely fail of as well. The others are about one conversation. */
const lasting: ReadonlySet<AgentFailure["reason"]> = new Set(["unavailable", "quota", "misconfigured", "timeout"]);

interface Pair {
  readonly first: AgentBackend;
  readonly second: AgentBackend;
  readonly onFallback: (failure: AgentFailure) => void;
  readonly rest: CoolDown;
  /** Why the first one is left alone. */
  last: AgentFailure | null;
}

/**
 * An agent that hands a turn to a second one when the first fails before it said or did anything, and for a while after it
 * failed repeatedly does not even ask it; `onFallback` is told why, before the second begins. The second runs its own model
 * whatever `/model` chose for the first.
 */
export function withFallback(
  first: AgentBackend,
  second: AgentBackend,
  { clock, onFallback }: { readonly clock: Clock; readonly onFallback: (failure: AgentFailure) => void },
): AgentBackend {
  const pair: Pair = { first, second, onFallback, rest: coolDown(clock), last: null };
  return {
    name: first.name,
    // What is given to an agent that never asks is lost.
    ...(first.takesSteering === true && second.takesSteering === true ? { takesSteering: true } : {}),
    run: (request, signal) => runBoth(pair, request, signal),
    ...completionOf(pair),
    async close() {
      await Promise.all([first.close?.(), second.close?.()]);
    },
  };
}

async function* runBoth(
  pair: Pair,
  request: TurnRequest,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  let hasBegun = false;
  let spent: Usage | null = null;
  let failure = pair.rest.mayTry() ? null : restingFailure(pair);
  if (failure === null) {
    for await (const event of pair.first.run(request, signal)) {
      if (event.kind === "failed" && !signal.aborted && request.model === null) noteFailure(pair, event.failure);
      if (event.kind === "failed" && !hasBegun && survivable.has(event.failure.reason) && !signal.aborted) {
        failure = event.failure;
        break;
      }
      if (event.kind === "usage") spent = event.usage;
      else if (event.kind !== "failed") {
        hasBegun = true;
        pair.rest.worked();
      }
      yield event;
    }
  }
  if (failure === null) return;
  pair.onFallback(failure);
  for await (const event of pair.second.run({ ...request, model: null }, signal)) {
    yield event.kind === "usage" ? { kind: "usage", usage: addUsage(spent, event.usage) ?? event.usage } : event;
  }
}

/** A model that somebody chose by `/model` fails for this conversation alone, and is not noted. */
function noteFailure(pair: Pair, failure: AgentFailure): void {
  if (!lasting.has(failure.reason)) return;
  pair.last = failure;
  pair.rest.failed();
}

function restingFailure({ last }: Pair): AgentFailure | null {
  return last === null ? null : { ...last, detail: `It is left alone for a moment, since it failed: ${last.detail}` };
}

/** Asks those of the two that can, the second where the first fails. Nobody sits and waits for it, so nobody is told. */
function completionOf(pair: Pair): Pick<AgentBackend, "complete"> {
  const { first, second, rest } = pair;
  const ofFirst = first.complete?.bind(first);
  const ofSecond = second.complete?.bind(second);
  const either = ofFirst ?? ofSecond;
  if (either === undefined) return {};
  if (ofFirst === undefined || ofSecond === undefined) return { complete: either };
  return {
    async complete(request, signal) {
      if (!rest.mayTry()) return await ofSecond(request, signal);
      const done = await ofFirst(request, signal);
      if (done.failure === null) rest.worked();
      else if (!signal.aborted) noteFailure(pair, done.failure);
      if (done.failure === null || !survivable.has(done.failure.reason) || signal.aborted) return done;
      const other = await ofSecond(request, signal);
      return { ...other, usage: addUsage(done.usage, other.usage) };
    },
  };
}

import { sleep } from "../clock/clock.ts";
import type { AgentFailure } from "./backend.ts";
import { type Conversation, halved, shortened, withoutFiles, withoutTools } from "./model-conversation.ts";
import { readModelError } from "./model-error.ts";
import { isTransient, type ModelErrorKind, modelErrorKind } from "./model-error-kind.ts";
import { brokenOffFailure, type FailingModel, modelFailure, stoppedFailure } from "./model-failure.ts";
import { briefRetryDelayMs, retryDelayMs } from "./model-retry.ts";
import { type ModelCall, modelStep, type StepEnd } from "./model-step.ts";

/** How a step went after all its attempts. */
export type StepOutcome =
  /** `conversation` is the one that the model took: shortened, or without files. */
  | { readonly kind: "answered"; readonly end: StepEnd; readonly conversation: Conversation }
  | { readonly kind: "failed"; readonly failure: AgentFailure };

/**
 * One call of the model, repeated as long as it said nothing: after a wait where the provider is busy or away, with older lines
 * archived where it is too long, then with half of what is left, without the files or the tools where the model takes none. What was said is never said twice.
 */
export async function* modelAttempts(
  call: ModelCall,
  model: FailingModel,
  conversation: Conversation,
  signal: AbortSignal,
): AsyncGenerator<string, StepOutcome, undefined> {
  const { clock } = call.options;
  let shown = conversation;
  let retries = 0;
  for (;;) {
    let hasSpoken = false;
    try {
      for await (const event of modelStep(call, shown, signal)) {
        if (event.kind === "end") return { kind: "answered", end: event, conversation: shown };
        hasSpoken = true;
        yield event.delta;
      }
      throw new Error("a step ended without its end"); // `modelStep` promises one
    } catch (thrown) {
      if (signal.aborted) return { kind: "failed", failure: stoppedFailure };
      const error = readModelError(thrown, clock.nowMs());
      const kind = modelErrorKind(error);
      if (hasSpoken) return { kind: "failed", failure: brokenOffFailure(model, error) };
      const easier = await easierConversation(kind, shown);
      if (signal.aborted) return { kind: "failed", failure: stoppedFailure };
      if (easier !== null) {
        shown = easier;
        continue;
      }
      const delayMs = isTransient(kind) ? delayOf(call, kind, ++retries, error.retryAfterMs) : null;
      if (delayMs === null) return { kind: "failed", failure: modelFailure(model, kind, error) };
      await sleep(clock, delayMs, signal);
      if (signal.aborted) return { kind: "failed", failure: stoppedFailure };
    }
  }
}

function delayOf({ options }: ModelCall, kind: ModelErrorKind, retry: number, askedMs: number | null): number | null {
  return options.hasFallback ? briefRetryDelayMs(kind, retry, askedMs) : retryDelayMs(retry, askedMs);
}

/** The conversation without what the model objects to; null when nothing can be left out. It ends: each is done once. */
async function easierConversation(kind: ModelErrorKind, conversation: Conversation): Promise<Conversation | null> {
  switch (kind) {
    case "too_long":
      return (await shortened(conversation)) ?? halved(conversation);
    case "no_tools":
      return withoutTools(conversation);
    case "unwanted_file":
    case "rejected":
      return withoutFiles(conversation);
    default:
      return null;
  }
}

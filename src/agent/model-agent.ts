import { secretMask } from "../observe/mask-secrets.ts";
import type { AgentBackend, AgentEvent, AgentFailure, TurnRequest, Usage } from "./backend.ts";
import { modelAttempts } from "./model-attempts.ts";
import { type Conversation, openConversation } from "./model-conversation.ts";
import { type FailingModel, plainFailure, stoppedFailure } from "./model-failure.ts";
import type { ModelOptions } from "./model-options.ts";
import type { ModelProvider } from "./model-provider.ts";
import type { StepEnd } from "./model-step.ts";
import { runCalls, toolSet } from "./model-tools.ts";
import { addUsage, usageOf } from "./price.ts";

/** An agent that is a language model: it answers, and between its steps runs tools and takes what was said meanwhile. */
export function modelAgent(options: ModelOptions, provider: ModelProvider): AgentBackend {
  const secrets = secretMask([options.apiKey ?? "", ...Object.values(options.headers)]);
  return {
    name: options.name,
    takesSteering: true,
    async *run(request, signal) {
      const model = request.model ?? options.model;
      const failing = { name: options.name, model, baseUrl: options.baseUrl, secrets };
      const ending = new AbortController();
      const stop = () => ending.abort();
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      try {
        yield* answer(options, provider, request, failing, ending.signal);
      } catch (error) {
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
        const message = "Something went wrong on my side and I could not answer. The operator's log says what.";
        yield { kind: "failed", failure: plainFailure(failing, "error", { message, detail, retryable: false }) };
      } finally {
        signal.removeEventListener("abort", stop);
        ending.abort(); // whoever stops listening in the middle also hangs up on the provider
      }
    },
  };
}

async function* answer(
  options: ModelOptions,
  provider: ModelProvider,
  request: TurnRequest,
  failing: FailingModel,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  const call = { options, provider, model: failing.model, tools: toolSet(request.tools) };
  // What another model costs is not known.
  const prices = failing.model === options.model ? options.prices : null;
  let conversation = await openConversation(request, options, provider);
  let spent: Usage | null = null;
  let hasText = false;
  let hasCalled = false;
  for (let step = 1; step <= options.maxSteps; step++) {
    let isFirstDelta = true;
    const attempts = modelAttempts(call, failing, conversation, signal);
    let next = await attempts.next();
    for (; next.done !== true; next = await attempts.next()) {
      if (isFirstDelta && hasText) yield { kind: "text", delta: "\n\n" };
      isFirstDelta = false;
      hasText = true;
      yield { kind: "text", delta: next.value };
    }
    const outcome = next.value;
    if (outcome.kind === "failed") return yield outcome;
    const { end } = outcome;
    const usage = usageOf(end.usage, prices);
    if (usage !== null) {
      spent = addUsage(spent, usage);
      if (spent !== null) yield { kind: "usage", usage: spent };
    }
    if (end.calls.length === 0) {
      const failure = finalFailure(end, failing, hasText || hasCalled);
      return yield failure === null ? { kind: "done" } : { kind: "failed", failure };
    }
    if (step === options.maxSteps) break;
    const isLast = step === options.maxSteps - 1;
    const results = yield* runCalls(end.calls, request.tools, { isLast, signal });
    if (signal.aborted) return yield { kind: "failed", failure: stoppedFailure };
    hasCalled = true;
    conversation = withStep(outcome.conversation, [end.message, results], request.takeSteering());
  }
  yield { kind: "failed", failure: endlessFailure(failing, options.maxSteps) };
}

function withStep(conversation: Conversation, said: Conversation["steps"], steering: readonly string[]): Conversation {
  const words = steering.filter((text) => text.trim() !== "").join("\n\n");
  const meanwhile: Conversation["steps"] = words === "" ? [] : [{ role: "user", content: words }];
  return { ...conversation, steps: [...conversation.steps, ...said, ...meanwhile] };
}

/** Why the last step is no answer; null when it is one. A model that did something with its tools may be silent about it. */
function finalFailure(end: StepEnd, failing: FailingModel, hasDone: boolean): AgentFailure | null {
  // A refusal in words ends as `stop`: those words are the answer.
  if (end.finishReason === "content-filter" && !(end.rawFinishReason === "stop" && end.hasText)) {
    return plainFailure(failing, "refused", {
      message: "The language model declined to answer this.",
      detail: `the model ended with ${end.rawFinishReason ?? end.finishReason}`,
      retryable: false,
    });
  }
  if (hasDone) return null;
  const isCut = end.finishReason === "length";
  return plainFailure(failing, "error", {
    message: "My language model answered nothing. Please try again, or say it in other words.",
    detail: isCut
      ? `the model used all its output tokens before it wrote anything: raise agents.${failing.name}.maxOutputTokens`
      : `the model (${failing.model}) ended with ${end.rawFinishReason ?? end.finishReason} and no text`,
    retryable: !isCut,
  });
}

function endlessFailure(failing: FailingModel, maxSteps: number): AgentFailure {
  return plainFailure(failing, "error", {
    message: "I used my tools again and again and did not come to an answer. Please ask for less at once.",
    detail: `the model still wanted tools after ${maxSteps} steps; agents.${failing.name}.maxSteps says how many`,
    retryable: false,
  });
}

import { secretMask } from "../observe/mask-secrets.ts";
import type { AgentBackend, AgentEvent, TurnRequest, Usage } from "./backend.ts";
import { modelAttempts } from "./model-attempts.ts";
import { modelCompletion } from "./model-completion.ts";
import { type Conversation, openConversation } from "./model-conversation.ts";
import { endlessFailure, finalFailure } from "./model-end-failure.ts";
import { brokenFailure, type FailingModel, stoppedFailure } from "./model-failure.ts";
import type { ModelOptions } from "./model-options.ts";
import type { ModelProvider } from "./model-provider.ts";
import { runCalls, toolSet } from "./model-tools.ts";
import { addUsage, usageOf } from "./price.ts";

/** An agent that is a language model: it answers, and between its steps runs tools and takes what was said meanwhile. */
export function modelAgent(options: ModelOptions, provider: ModelProvider): AgentBackend {
  const { name, baseUrl, hasFallback } = options;
  const secrets = secretMask([options.apiKey ?? "", ...Object.values(options.headers)]);
  const failingAs = (model: string): FailingModel => ({ name, model, baseUrl, hasFallback, secrets });
  return {
    name,
    takesSteering: true,
    async *run(request, signal) {
      const failing = failingAs(request.model ?? options.model);
      const ending = new AbortController();
      const stop = () => ending.abort();
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      try {
        yield* answer(options, provider, request, failing, ending.signal);
      } catch (error) {
        yield { kind: "failed", failure: brokenFailure(failing, error) };
      } finally {
        signal.removeEventListener("abort", stop);
        ending.abort(); // whoever stops listening in the middle also hangs up on the provider
      }
    },
    complete: (request, signal) => modelCompletion(options, provider, failingAs(options.model), request, signal),
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

import type { Completion, CompletionRequest } from "./backend.ts";
import { modelAttempts } from "./model-attempts.ts";
import type { Conversation } from "./model-conversation.ts";
import { finalFailure } from "./model-end-failure.ts";
import { brokenFailure, type FailingModel } from "./model-failure.ts";
import type { ModelOptions } from "./model-options.ts";
import type { ModelProvider } from "./model-provider.ts";
import { usageOf } from "./price.ts";

/** Longest text that is kept, in UTF-16 units: whatever the limit in tokens, a server may go on for ever. */
const MAX_LENGTH = 256 * 1024;

/** Asks a model for one text, through the same attempts as a step of a turn. It never rejects. */
export async function modelCompletion(
  options: ModelOptions,
  provider: ModelProvider,
  failing: FailingModel,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<Completion> {
  const maxOutputTokens = Math.min(request.maxOutputTokens, options.maxOutputTokens ?? request.maxOutputTokens);
  const call = { options: { ...options, maxOutputTokens }, provider, model: options.model, tools: {} };
  try {
    const attempts = modelAttempts(call, failing, conversationOf(request), signal);
    let text = "";
    let next = await attempts.next();
    for (; next.done !== true; next = await attempts.next()) text += next.value.slice(0, MAX_LENGTH - text.length);
    const outcome = next.value;
    if (outcome.kind === "failed") return { text: "", usage: null, failure: outcome.failure };
    const failure = finalFailure(outcome.end, failing, text !== "");
    return { text: failure === null ? text : "", usage: usageOf(outcome.end.usage, options.prices), failure };
  } catch (error) {
    return { text: "", usage: null, failure: brokenFailure(failing, error) };
  }
}

function conversationOf({ instructions, text }: CompletionRequest): Conversation {
  return {
    instructions: { role: "system", content: instructions },
    earlier: "",
    lines: [],
    remembered: "",
    parts: [{ type: "text", text }],
    partsWithoutFiles: null,
    steps: [],
    hasTools: false,
    shorten: null,
    isHalved: false,
  };
}

import type { AgentFailure } from "./backend.ts";
import { type FailingModel, plainFailure } from "./model-failure.ts";
import type { StepEnd } from "./model-step.ts";

/** Why a last step is no answer; null when it is one. `hasDone`: one that spoke, or did something with its tools, may end in silence. */
export function finalFailure(end: StepEnd, failing: FailingModel, hasDone: boolean): AgentFailure | null {
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

/** The failure of a turn that ran out of steps. */
export function endlessFailure(failing: FailingModel, maxSteps: number): AgentFailure {
  return plainFailure(failing, "error", {
    message: "I used my tools again and again and did not come to an answer. Please ask for less at once.",
    detail: `the model still wanted tools after ${maxSteps} steps; agents.${failing.name}.maxSteps says how many`,
    retryable: false,
  });
}

import type { AgentEvent, AgentFailure } from "./backend.ts";

/** Why a program's turn ended badly, without the words for people. */
export type ProgramFailureReason = AgentFailure["reason"];

/** What a person reads when the program did not say anything better itself. */
const MESSAGES: Readonly<Record<ProgramFailureReason, string>> = {
  stopped: "Stopped.",
  timeout: "I gave up: the answer took too long to begin.",
  unavailable: "I can't be reached at the moment. Please try again shortly.",
  refused: "I can't answer that.",
  misconfigured: "I am not set up correctly and could not answer. The operator's log says what to mend.",
  quota: "My quota is used up, so I could not answer. The operator knows more.",
  too_long: "This conversation has become too long for me. /new starts a fresh one.",
  error: "Something went wrong on my side and I could not answer. The operator's log says what.",
};

/** Reasons that pass by themselves: the same request may succeed soon. */
const PASSING: readonly ProgramFailureReason[] = ["stopped", "timeout", "unavailable"];

/** The event that ends a turn badly; `detail` is for the operator's log and must be free of secrets. */
export function failed(
  reason: ProgramFailureReason,
  detail: string,
  said: { readonly message?: string; readonly retryable?: boolean } = {},
): AgentEvent & { readonly kind: "failed" } {
  return {
    kind: "failed",
    failure: {
      reason,
      message: said.message ?? MESSAGES[reason],
      detail,
      retryable: said.retryable ?? PASSING.includes(reason),
    },
  };
}

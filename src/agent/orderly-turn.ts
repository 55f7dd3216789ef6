import type { AgentEvent } from "./backend.ts";
import { failed } from "./program-failure.ts";

/**
 * The same events, kept to the contract: whatever is thrown becomes `failed`, nothing follows the first `done` or `failed`, and
 * one of them always comes. After an abort it is `failed` (`stopped`) whatever the agent made of it.
 */
export async function* orderlyTurn(
  events: () => AsyncIterable<AgentEvent>,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  try {
    for await (const event of events()) {
      const isLast = event.kind === "done" || event.kind === "failed";
      if (isLast && signal.aborted) break;
      yield event;
      if (isLast) return;
    }
  } catch (error) {
    if (!signal.aborted) {
      yield failed("error", detailOf(error));
      return;
    }
  }
  yield signal.aborted ? failed("stopped", "told to stop") : { kind: "done" };
}

/** One line about whatever was thrown, for the operator's log. */
export function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.name}: ${error.message}${cause}`;
}

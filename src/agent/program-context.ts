import type { TurnContext, TurnRequest } from "./backend.ts";

/** Most tokens of the conversation that a program is given: one that wants more keeps its own. */
const MAX_TOKENS = 50_000;

/** What a program is given of the conversation before the message; nothing at all where it wants no messages. */
export async function contextOf(request: TurnRequest, historyMessages: number): Promise<TurnContext> {
  // An agent that keeps its own is not to have anything read for it.
  if (historyMessages === 0) return { earlier: "", remembered: "", lines: [] };
  return await request.context({ messages: historyMessages, tokens: MAX_TOKENS });
}

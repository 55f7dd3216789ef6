import { z } from "zod";
import type { AcpUpdate } from "./acp-update.ts";
import type { Usage } from "./backend.ts";

const tokens = z.int().nonnegative();
/** Not stable yet, so that the SDK's own types leave it out (agentclientprotocol.com/rfds/end-turn-token-usage). */
const counted = z.object({
  usage: z.object({
    inputTokens: tokens,
    outputTokens: tokens,
    thoughtTokens: tokens.nullish(),
    cachedReadTokens: tokens.nullish(),
    cachedWriteTokens: tokens.nullish(),
  }),
});

/** What a session of the agent has cost, US dollars; what it says is always all of it so far. */
export interface AcpCost {
  /** At the end of the last turn; null for a session that was taken up again and has not said yet. */
  counted: number | null;
  /** The latest word; null when there was none since. */
  said: number | null;
}

/** Notes an agent's word about its session's cost; in other currencies than dollars it is not counted. */
export function noteCost(cost: AcpCost, update: AcpUpdate & { readonly sessionUpdate: "usage_update" }): void {
  if (update.cost?.currency === "USD") cost.said = update.cost.amount;
}

/** What a turn took, of the agent's answer to its prompt and what it said of its cost; null when it said nothing. */
export function takeUsage(cost: AcpCost, response: unknown): Usage | null {
  const took = counted.safeParse(response).data?.usage;
  const costUsd = takeCost(cost);
  if (took === undefined && costUsd === null) return null;
  return {
    inputTokens: took?.inputTokens ?? 0,
    outputTokens: (took?.outputTokens ?? 0) + (took?.thoughtTokens ?? 0),
    cacheReadTokens: took?.cachedReadTokens ?? 0,
    cacheWriteTokens: took?.cachedWriteTokens ?? 0,
    costUsd,
  };
}

function takeCost(cost: AcpCost): number | null {
  const { counted: before, said } = cost;
  if (said === null) return null;
  cost.counted = said;
  cost.said = null;
  if (before === null) return null;
  // Less than before: its counter began anew.
  return said >= before ? said - before : said;
}

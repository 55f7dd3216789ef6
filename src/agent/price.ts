import type { Usage } from "./backend.ts";

/** What a model costs, US dollars per million tokens. */
export interface Prices {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** Null: as any input. */
  readonly cachedInputPerMillion: number | null;
  /** Null: as any input. */
  readonly cacheWritePerMillion: number | null;
}

const MILLION = 1_000_000;

/** What a provider counted of one call; a number it does not give is undefined. */
export interface TokenCounts {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly inputTokenDetails: {
    readonly cacheReadTokens: number | undefined;
    readonly cacheWriteTokens: number | undefined;
  };
}

/** One call's tokens with their cost; null when the provider counted nothing. Cached tokens are not in `inputTokens`. */
export function usageOf(counts: TokenCounts, prices: Prices | null): Usage | null {
  if (counts.inputTokens === undefined && counts.outputTokens === undefined) return null;
  const cacheReadTokens = counts.inputTokenDetails.cacheReadTokens ?? 0;
  const cacheWriteTokens = counts.inputTokenDetails.cacheWriteTokens ?? 0;
  // Servers exist that count more cached tokens than tokens.
  const inputTokens = Math.max(0, (counts.inputTokens ?? 0) - cacheReadTokens - cacheWriteTokens);
  const outputTokens = counts.outputTokens ?? 0;
  const costUsd =
    prices === null
      ? null
      : (inputTokens * prices.inputPerMillion +
          outputTokens * prices.outputPerMillion +
          cacheReadTokens * (prices.cachedInputPerMillion ?? prices.inputPerMillion) +
          cacheWriteTokens * (prices.cacheWritePerMillion ?? prices.inputPerMillion)) /
        MILLION;
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd };
}

/** Both together; the cost is unknown when one of them is. */
export function addUsage(first: Usage | null, second: Usage | null): Usage | null {
  if (first === null || second === null) return first ?? second;
  return {
    inputTokens: first.inputTokens + second.inputTokens,
    outputTokens: first.outputTokens + second.outputTokens,
    cacheReadTokens: first.cacheReadTokens + second.cacheReadTokens,
    cacheWriteTokens: first.cacheWriteTokens + second.cacheWriteTokens,
    costUsd: first.costUsd === null || second.costUsd === null ? null : first.costUsd + second.costUsd,
  };
}

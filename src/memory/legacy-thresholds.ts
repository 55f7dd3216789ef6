import type { Thresholds } from "./thresholds.ts";

/** What the Go session package decided; it had no cycle, only the ratio at the time before. */
export interface LegacyDue {
  readonly shouldRefresh: boolean;
  readonly shouldCompact: boolean;
  readonly shouldRefreshOnTransition: boolean;
  readonly shouldCompactOnTransition: boolean;
}

/** Its decision, for comparing our thresholds with; falling back from above the hard threshold counted as a transition there. */
export function legacyDueAt(ratio: number, previousRatio: number, { soft, hard }: Thresholds): LegacyDue {
  const isBetween = (part: number) => part >= soft && part < hard;
  const shouldRefresh = isBetween(ratio);
  const shouldCompact = ratio >= hard;
  return {
    shouldRefresh,
    shouldCompact,
    shouldRefreshOnTransition: shouldRefresh && !isBetween(previousRatio),
    shouldCompactOnTransition: shouldCompact && previousRatio < hard,
  };
}

/** Parts of the token budget at which memory is refreshed, and at which the window is compacted. */
export interface Thresholds {
  readonly soft: number;
  readonly hard: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { soft: 0.6, hard: 0.8 };

/** Fewer pending lines than this are not worth a model's call. */
export const MIN_PENDING_TO_REFRESH = 3;

/** Where a session's window stands. */
export interface WindowFill {
  /** Its tokens as a part of the budget. */
  readonly ratio: number;
  /** Rises with each archive. */
  readonly cycle: number;
  /** The cycle whose refresh has begun; null when none has. */
  readonly softCycle: number | null;
  /** Lines that were not extracted yet. */
  readonly pending: number;
}

/**
 * What is due, in this order: a refresh once a cycle from the soft threshold on, and a commit from the hard one on. Who
 * refreshes notes the cycle; a commit begins the next one.
 */
export function dueAt(
  fill: WindowFill,
  thresholds: Thresholds,
): { readonly refresh: boolean; readonly commit: boolean } {
  const commit = fill.ratio >= thresholds.hard;
  const isSoft = commit || fill.ratio >= thresholds.soft;
  return {
    refresh: isSoft && fill.softCycle !== fill.cycle && fill.pending >= MIN_PENDING_TO_REFRESH,
    commit,
  };
}

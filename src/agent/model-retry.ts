import type { ModelErrorKind } from "./model-error-kind.ts";

/** Most times a call is repeated: with their waits they stay under a minute and a half. */
export const MAX_RETRIES = 3;
/** The wait before the first repetition; it doubles. */
const FIRST_DELAY_MS = 1_000;
/** Longest wait: a person sits before the chat. */
const MAX_DELAY_MS = 30_000;

/**
 * How long to wait before the `retry`th repetition (1 is the first), milliseconds; null when there is none: it was the
 * last, or the provider asks for a longer wait than anybody has patience for. What it asks for is never undercut.
 */
export function retryDelayMs(retry: number, retryAfterMs: number | null): number | null {
  if (retry > MAX_RETRIES || (retryAfterMs ?? 0) > MAX_DELAY_MS) return null;
  return Math.max(retryAfterMs ?? 0, FIRST_DELAY_MS * 2 ** (retry - 1));
}

/** The one wait of a model with a fallback: a connection that was lost is there again at once, or not soon. */
const BRIEF_DELAY_MS = 250;

/**
 * The same for a model that has a fallback, which answers sooner than anybody has waited: one repetition where the connection
 * failed, none where the provider is overloaded or asks for a wait.
 */
export function briefRetryDelayMs(kind: ModelErrorKind, retry: number, retryAfterMs: number | null): number | null {
  return kind === "overloaded" || retry > 1 || (retryAfterMs ?? 0) > BRIEF_DELAY_MS ? null : BRIEF_DELAY_MS;
}

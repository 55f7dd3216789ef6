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

import { type Clock, sleep } from "../../src/clock/clock.ts";

/**
 * Slack shows its user an error when a command or a button is not confirmed in 3 s, and does not repeat it: these are confirmed by
 * then even if the disk is slower (docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response).
 */
export const INTERACTION_PATIENCE_MS = 2_500;

/** What `work` comes to, or `late` when that takes longer than `limitMs`; the work itself goes on. Rejects as `work` does. */
export async function waitAtMost<Result>(
  work: Promise<Result>,
  limitMs: number,
  clock: Clock,
): Promise<Result | "late"> {
  const enough = new AbortController();
  const late = sleep(clock, limitMs, enough.signal).then(() => "late" as const);
  try {
    return await Promise.race([work, late]);
  } finally {
    enough.abort();
  }
}

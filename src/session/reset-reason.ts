import type { IntervalAt } from "./boundary-interval.ts";
import { boundaryInterval } from "./daily-boundary.ts";
import type { ResetPolicy } from "./reset-policy.ts";

const MINUTE_MS = 60_000;

/** Why a conversation starts afresh by itself. */
export type ResetReason = "idle" | "daily";

/**
 * Why the conversation in which a person last wrote at `lastActiveMs` starts afresh at `nowMs`; null while it goes on.
 * Silence is judged first and must be longer than the limit. A daily boundary waits while somebody wrote within the grace
 * time, and who writes meanwhile has carried the conversation over it. `intervalAt` finds the boundaries.
 */
export function resetReason(
  policy: ResetPolicy,
  lastActiveMs: number,
  nowMs: number,
  intervalAt: IntervalAt = boundaryInterval,
): ResetReason | null {
  if (hasIdle(policy) && nowMs > lastActiveMs + policy.idleMinutes * MINUTE_MS) return "idle";
  const inFlow = nowMs - lastActiveMs < policy.graceMinutes * MINUTE_MS;
  if (!hasDaily(policy) || inFlow) return null;
  return lastActiveMs < intervalAt(policy, nowMs).fromMs ? "daily" : null;
}

/**
 * The first millisecond at which `resetReason` gives a reason if nobody writes any more; null when it never will.
 * Stored with the session, so that what is due is found without looking at the rest.
 */
export function nextResetAt(
  policy: ResetPolicy,
  lastActiveMs: number,
  intervalAt: IntervalAt = boundaryInterval,
): number | null {
  const idleAtMs = hasIdle(policy) ? lastActiveMs + policy.idleMinutes * MINUTE_MS + 1 : Number.POSITIVE_INFINITY;
  const dailyAtMs = hasDaily(policy)
    ? Math.max(intervalAt(policy, lastActiveMs).untilMs, lastActiveMs + policy.graceMinutes * MINUTE_MS)
    : Number.POSITIVE_INFINITY;
  const nextMs = Math.min(idleAtMs, dailyAtMs);
  return nextMs === Number.POSITIVE_INFINITY ? null : nextMs;
}

function hasIdle({ mode }: ResetPolicy): boolean {
  return mode === "idle" || mode === "both";
}

function hasDaily({ mode }: ResetPolicy): boolean {
  return mode === "daily" || mode === "both";
}

import type { Job } from "./job.ts";
import { nextDue, previousDue } from "./next-due.ts";
import type { Plan } from "./schedule.ts";

/** What becomes of a job's due time: the time it runs for, or null where it is left out; and from when on its next time is sought. */
export interface Judgement {
  readonly runsForMs: number | null;
  readonly nextAfterMs: number;
  /** Why it is left out; null when it runs. */
  readonly why: string | null;
}

/** A time this much older than the watcher's waking is no missed one: a restart takes a moment. */
export const GRACE_MS = 60_000;
/** How long after it was missed a time is still worth a run (`last`). */
const LAST_WORTH_MS = 24 * 3_600_000;
/** Most missed times that are made up for (`all`): the newest ones. More would flood whoever comes back. */
const MAX_CAUGHT_UP = 24;

/**
 * Judges a time that has come. It is missed when it came before `awakeSinceMs`, since when somebody has looked without a gap; a job that merely
 * waited for its turn is not late.
 */
export function judgeDue(
  plan: Plan,
  catchUp: Job["catchUp"],
  due: { readonly dueAtMs: number; readonly runAtMs: number },
  now: { readonly nowMs: number; readonly awakeSinceMs: number },
): Judgement {
  const { dueAtMs } = due;
  const { nowMs } = now;
  const isMissed = due.runAtMs < now.awakeSinceMs - GRACE_MS;
  const onTime = { runsForMs: dueAtMs, nextAfterMs: Math.max(nowMs, dueAtMs), why: null };
  switch (catchUp) {
    case "none":
      return isMissed ? { runsForMs: null, nextAfterMs: nowMs, why: "missed: nobody was there to run it" } : onTime;
    case "last": {
      if (!isMissed) return onTime;
      const lastMs = previousDue(plan, nowMs) ?? dueAtMs;
      if (nowMs - lastMs <= LAST_WORTH_MS) return { runsForMs: lastMs, nextAfterMs: nowMs, why: null };
      return { runsForMs: null, nextAfterMs: nowMs, why: "missed by more than a day" };
    }
    case "all": {
      const oldestMs = oldestOf(plan, nowMs, MAX_CAUGHT_UP);
      const runsForMs = oldestMs === null ? dueAtMs : Math.max(dueAtMs, oldestMs);
      return { runsForMs, nextAfterMs: runsForMs, why: null };
    }
  }
}

/** The oldest of the last `count` times up to now. */
function oldestOf(plan: Plan, nowMs: number, count: number): number | null {
  let oldestMs: number | null = null;
  for (let left = count, untilMs = nowMs; left > 0; left--) {
    const atMs = previousDue(plan, untilMs);
    if (atMs === null) break;
    oldestMs = atMs;
    untilMs = atMs - 1;
  }
  return oldestMs;
}

/** The next time of a plan, if runs are left. */
export function nextOfPlan(plan: Plan, afterMs: number, runsLeft: boolean): number | null {
  return runsLeft ? nextDue(plan, afterMs) : null;
}

import type { Session } from "../store/session.ts";

const MINUTE_MS = 60_000;
/** A conversation in which nobody wrote for so long is idle … */
export const IDLE_AFTER_MS = 30 * MINUTE_MS;
/** … and then suspended: nobody waits for anything any more. */
export const SUSPENDED_AFTER_MS = 24 * 60 * MINUTE_MS;

/** Where a session stands; all of it is derived. */
export type LifecycleState = "active" | "idle" | "suspended" | "compacting" | "archived" | "deleted";

/** Where a session stands now; `isCompacting` while a commit of it is open. */
export function lifecycleState(
  session: Pick<Session, "live" | "endReason" | "lastActiveMs">,
  nowMs: number,
  isCompacting: boolean,
): LifecycleState {
  if (session.endReason === "delete") return "deleted";
  if (!session.live) return "archived";
  if (isCompacting) return "compacting";
  const quietMs = nowMs - session.lastActiveMs;
  if (quietMs >= SUSPENDED_AFTER_MS) return "suspended";
  return quietMs >= IDLE_AFTER_MS ? "idle" : "active";
}

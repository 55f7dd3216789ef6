import { type Clock, sleep } from "../clock/clock.ts";

/** How long a program may tidy up after SIGTERM; with what follows it stays under the second in which a turn must end. */
const TERM_GRACE_MS = 500;
/** How long the system may take to remove what was killed. */
const KILL_GRACE_MS = 200;
/** How often it is looked whether a group is gone. */
const LOOK_EVERY_MS = 20;

/**
 * Ends a program with everything it started that has not left its process group: SIGTERM, then SIGKILL. Resolves when
 * nothing of it is left, or after 0.7 s when the system is slower than that. The group must have been started by us.
 */
export async function endGroup(pid: number, clock: Clock): Promise<void> {
  if (!signalGroup(pid, "SIGTERM")) return;
  if (await isGoneWithin(pid, TERM_GRACE_MS, clock)) return;
  signalGroup(pid, "SIGKILL");
  await isGoneWithin(pid, KILL_GRACE_MS, clock);
}

async function isGoneWithin(pid: number, graceMs: number, clock: Clock): Promise<boolean> {
  const untilMs = clock.monotonicMs() + graceMs;
  while (signalGroup(pid, 0)) {
    if (clock.monotonicMs() >= untilMs) return false;
    await sleep(clock, LOOK_EVERY_MS);
  }
  return true;
}

/** False when there is nobody left to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    // EPERM: what is left runs as somebody else, or is a zombie (macOS). It is there, and not ours to end.
    return error instanceof Error && "code" in error && error.code === "EPERM" && signal !== 0;
  }
}

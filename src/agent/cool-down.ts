import type { Clock } from "../clock/clock.ts";

/** Failures in a row after which an agent is left alone: one alone may be chance. */
const MAX_FAILURES = 2;
/** For how long: providers that are overloaded, or start again, need about that; a person notices nothing of it. */
export const COOL_DOWN_MS = 30_000;

/** Keeps turns from an agent that has been failing: each would wait for its failure first. */
export interface CoolDown {
  /** Whether it may be asked. When its time is over one turn may, and the others only once that went well. */
  mayTry(): boolean;
  failed(): void;
  worked(): void;
}

/** Starts with an agent that has not failed. */
export function coolDown(clock: Clock): CoolDown {
  let failures = 0;
  let restsUntilMs = 0;
  const rest = () => {
    restsUntilMs = clock.monotonicMs() + COOL_DOWN_MS;
  };
  return {
    mayTry() {
      if (failures < MAX_FAILURES) return true;
      if (clock.monotonicMs() < restsUntilMs) return false;
      rest();
      return true;
    },
    failed() {
      failures += 1;
      rest();
    },
    worked() {
      failures = 0;
    },
  };
}

/** Wrong tokens from one address within a window; who has used them up waits, whether the next token is right or not. */
export interface LoginAttempts {
  /** Seconds until this address may try again; 0 when it may now. */
  waitSeconds(address: string, nowMs: number): number;
  failed(address: string, nowMs: number): void;
}

/** A person mistypes a few times; a program that guesses gets 10 a minute, some five million a year. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Addresses remembered; beyond it the one that failed longest ago is forgotten. */
const MAX_ADDRESSES = 10_000;

/** Starts with nobody having failed. */
export function loginAttempts(): LoginAttempts {
  const failures = new Map<string, { count: number; readonly untilMs: number }>();
  const current = (address: string, nowMs: number) => {
    const known = failures.get(address);
    return known !== undefined && known.untilMs > nowMs ? known : null;
  };
  return {
    waitSeconds(address, nowMs) {
      const known = current(address, nowMs);
      return known !== null && known.count >= MAX_FAILURES ? Math.ceil((known.untilMs - nowMs) / 1_000) : 0;
    },
    failed(address, nowMs) {
      const known = current(address, nowMs) ?? { count: 0, untilMs: nowMs + WINDOW_MS };
      known.count += 1;
      failures.delete(address);
      failures.set(address, known);
      const [oldest] = failures.keys();
      if (failures.size > MAX_ADDRESSES && oldest !== undefined) failures.delete(oldest);
    },
  };
}

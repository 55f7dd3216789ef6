import type { RandomNumbers } from "../support/random-numbers.ts";
import type { DeathPoint } from "./death.ts";

/** What has been counted so far. */
export interface CrashTally {
  readonly deaths: Map<string, number>;
  powerFailures: number;
  messages: number;
  answered: number;
  twice: number;
  deadLetters: number;
  /** Messages whose session somebody deleted before they were answered. */
  deleted: number;
  lines: number;
}

/** One go on a fresh data directory: so many kills, and everything checked after each and at the end. */
export type CrashRound = (options: {
  readonly random: RandomNumbers;
  readonly kills: number;
  readonly tally: CrashTally;
}) => Promise<void>;

/** Counts a death by where it was. */
export function countDeath(tally: CrashTally, where: DeathPoint | "at random"): void {
  tally.deaths.set(where, (tally.deaths.get(where) ?? 0) + 1);
}

/** Nothing has happened yet. */
export function emptyTally(): CrashTally {
  return {
    deaths: new Map(),
    powerFailures: 0,
    messages: 0,
    answered: 0,
    twice: 0,
    deadLetters: 0,
    deleted: 0,
    lines: 0,
  };
}

/** A moment to die at: a point, and how many times it is passed first. */
export function anyPlan(random: RandomNumbers, reach: Partial<Record<DeathPoint, number>>) {
  const points = Object.entries(reach) as [DeathPoint, number][]; // the keys of a literal
  const [point, most] = random.oneOf(points);
  // Early moments more often than late ones: recovery is among them.
  const nth = 1 + random.below(1 + random.below(most));
  return { point, nth };
}

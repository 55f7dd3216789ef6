import type { Spread } from "./spread.ts";

/** How hard a benchmark tries: `--quick` shows that it works, its numbers mean little. */
export interface Effort {
  readonly isQuick: boolean;
  /** A folder of this run, removed afterwards; what one benchmark builds there another may use. */
  readonly workFolder: string;
}

/** What a number has to reach. */
export interface Target {
  readonly bound: "at least" | "at most";
  readonly value: number;
}

/** One line of the table. */
export interface Finding {
  readonly what: string;
  readonly unit: string;
  readonly measured: Spread;
  /** Absent where the number is only for information. */
  readonly target?: Target;
  /** What a reader must know to take the number for what it is. */
  readonly note?: string;
}

/** One benchmark: measures, tells how far it is, returns its lines. */
export type Benchmark = (effort: Effort, tell: (progress: string) => void) => Promise<readonly Finding[]>;

/** Whether the median reaches the target; null where there is none. */
export function isReached({ measured, target }: Finding): boolean | null {
  if (target === undefined) return null;
  return target.bound === "at least" ? measured.median >= target.value : measured.median <= target.value;
}

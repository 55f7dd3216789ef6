/** What several measurements of one thing say together. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle and the ends of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 50), min: Math.min(...values), max: Math.max(...values) };
}

/** The smallest value that `percent` of all values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("expected at least one value to take a percentile of");
  return value;
}

/** A number that was measured once. */
export function single(value: number): Spread {
  return { median: value, min: value, max: value };
}

/** Each value divided by the one measured beside it: what slows the machine down for a while slows both. */
export function ratiosOf(values: readonly number[], baselines: readonly number[]): Spread {
  return spreadOf(values.map((value, place) => value / (baselines[place] ?? Number.NaN)));
}

/** Runs several things in turn, `rounds` times (A B A B …), after one round that does not count, and keeps what each returned. */
export async function interleave<Name extends string>(
  rounds: number,
  runs: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(runs) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await runs[name]();
      if (round > 0) results[name].push(value);
    }
  }
  return results;
}

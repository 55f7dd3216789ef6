/** The time between two boundaries that follow each other: `fromMs <= at < untilMs`. */
export interface BoundaryInterval {
  /** The latest boundary at or before; -Infinity when there was none. */
  readonly fromMs: number;
  /** The first boundary after; Infinity when there will be none. */
  readonly untilMs: number;
}

/** When boundaries fall: at an hour of a time zone's day, or by a cron pattern that takes its place. */
export interface BoundaryRule {
  readonly timeZone: string;
  readonly atHour: number;
  readonly schedule?: string;
}

/** Finds the interval an instant lies in. */
export type IntervalAt = (rule: BoundaryRule, atMs: number) => BoundaryInterval;

/** Most rules remembered; a configuration has a few. */
const MAX_RULES = 64;
/** Most intervals remembered of a rule: years of days; a minutely schedule merely starts again. */
const MAX_INTERVALS = 2048;

/** The same finder with a bounded memory, so that judging many sessions by one rule computes each interval once. */
export function rememberIntervals(compute: IntervalAt): IntervalAt {
  const known = new Map<string, BoundaryInterval[]>();
  return (rule, atMs) => {
    const name = `${rule.timeZone} ${rule.schedule ?? rule.atHour}`;
    let intervals = known.get(name);
    if (intervals === undefined) {
      if (known.size >= MAX_RULES) known.clear();
      intervals = [];
      known.set(name, intervals);
    }
    const place = countBefore(intervals, atMs);
    const found = intervals[place - 1];
    if (found !== undefined && atMs < found.untilMs) return found;

    const computed = compute(rule, atMs);
    if (intervals.length < MAX_INTERVALS) intervals.splice(place, 0, computed);
    else known.set(name, [computed]);
    return computed;
  };
}

/** How many of the intervals, which are in order, begin at or before an instant. */
function countBefore(intervals: readonly BoundaryInterval[], atMs: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const interval = intervals[middle];
    if (interval !== undefined && interval.fromMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

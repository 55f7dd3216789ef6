import { readdirSync, readFileSync } from "node:fs";

/** What a process holds at a moment. */
export interface ProcessFigures {
  /** Since the measuring began. */
  readonly atMs: number;
  readonly rssMb: number;
  readonly handles: number;
}

/** Reads them from Linux's `/proc`. */
export function processFigures(pid: number, atMs: number): ProcessFigures {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const rssKib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
  return { atMs, rssMb: rssKib / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
}

/** How fast a size grows, in MB an hour: the slope of the line of least squares. */
export function slopeMbPerHour(figures: readonly { readonly atMs: number; readonly mb: number }[]): number {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const hours = figures.map(({ atMs }) => atMs / 3_600_000);
  const sizes = figures.map(({ mb }) => mb);
  const [meanHour, meanSize] = [meanOf(hours), meanOf(sizes)];
  const above = hours.reduce((sum, hour, at) => sum + (hour - meanHour) * ((sizes[at] ?? 0) - meanSize), 0);
  const below = hours.reduce((sum, hour) => sum + (hour - meanHour) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** A value of a scrape in Prometheus' text format, the first one of that name. */
export function scraped(text: string, name: string): number {
  const found = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`expected the metric ${name}`);
  return Number(found);
}

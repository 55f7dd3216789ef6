const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The one line that tells a person why their conversation started afresh, and how to go back. */
export function resetNotice(reason: "idle" | "daily", silentMs: number): string {
  const why = reason === "idle" ? `after ${durationText(silentMs)} of silence` : "as it does every day";
  return `This conversation started afresh ${why}. /resume goes back to the last one.`;
}

/** A duration in its largest whole unit, for people: `3 days`, `1 hour`, `25 minutes`. */
export function durationText(durationMs: number): string {
  const [count, unit] =
    durationMs >= 2 * DAY_MS
      ? [durationMs / DAY_MS, "day"]
      : durationMs >= HOUR_MS
        ? [durationMs / HOUR_MS, "hour"]
        : [Math.max(durationMs, MINUTE_MS) / MINUTE_MS, "minute"];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @type {readonly (readonly [unit: Intl.RelativeTimeFormatUnit, sizeMs: number])[]} */
const units = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/**
 * How long ago or until then, in words.
 * @param {number} atMs
 * @param {number} nowMs
 */
export function relativeTime(atMs, nowMs) {
  const distanceMs = atMs - nowMs;
  const unit = units.find(([, sizeMs]) => Math.abs(distanceMs) >= sizeMs);
  if (unit === undefined) return distanceMs > 0 ? "in a moment" : "just now";
  return relative.format(Math.trunc(distanceMs / unit[1]), unit[0]);
}

/**
 * When a message was written: the time of day today, the date before.
 * @param {number} atMs
 * @param {number} nowMs
 */
export function messageTime(atMs, nowMs) {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return (isToday ? clock : dayAndClock).format(atMs);
}

/**
 * A moment in full, for those who point at it.
 * @param {number} atMs
 */
export function fullTime(atMs) {
  return dayAndClock.format(atMs);
}

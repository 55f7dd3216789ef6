/** ISO 8601 as Python and JavaScript print it: date, optional time with up to nanoseconds, optional zone. */
const ISO_TIME = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
/** Epoch numbers below this are seconds (until the year 5138), others milliseconds (from March 1973). */
const LEAST_EPOCH_MS = 1e11;
const DAY_MS = 24 * 60 * 60 * 1000;

/** One formatter per zone asked for: building one costs a thousand times a use, and there are some 400 zones. */
const offsetFormats = new Map<string, Intl.DateTimeFormat>();

function offsetFormatOf(timeZone: string): Intl.DateTimeFormat {
  const known = offsetFormats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  offsetFormats.set(timeZone, format);
  return format;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetMs(format: Intl.DateTimeFormat, atMs: number): number {
  const name = format.formatToParts(atMs).find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const sizeMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -sizeMs : sizeMs;
}

/** The instant at which the zone's clocks showed what UTC's show at `wallMs`. */
function instantOf(wallMs: number, timeZone: string): number {
  const format = offsetFormatOf(timeZone);
  const earlier = wallMs - offsetMs(format, wallMs - DAY_MS);
  const later = wallMs - offsetMs(format, wallMs + DAY_MS);
  if (wallMs - offsetMs(format, earlier) === earlier) return earlier;
  if (wallMs - offsetMs(format, later) === later) return later;
  return earlier;
}

/**
 * Reads a time of an imported file as milliseconds since 1970 UTC, null when it is none: an ISO 8601 text, or an epoch
 * number in seconds or milliseconds. A text without a zone is wall-clock time of `timeZone` (IANA; an unknown one throws
 * RangeError): a repeated hour is taken the first time, a skipped one is carried over the gap, as Python does.
 */
export function readLegacyTime(value: unknown, timeZone: string): number | null {
  if (typeof value === "number") {
    const ms = Math.round(Math.abs(value) < LEAST_EPOCH_MS ? value * 1000 : value) + 0; // -0 would not survive JSON
    return Number.isNaN(new Date(ms).getTime()) ? null : ms;
  }
  const iso = typeof value === "string" ? ISO_TIME.exec(value) : null;
  if (iso === null || !isCalendarDay(iso[0])) return null;
  const text = iso[0].replace(" ", "T");
  if (iso[1] !== undefined) return timeOf(text);
  const wallMs = timeOf(text.includes("T") ? `${text}Z` : text);
  return wallMs === null ? null : instantOf(wallMs, timeZone);
}

/** JavaScript takes 30 February for 2 March. */
function isCalendarDay(isoText: string): boolean {
  const [day = ""] = isoText.split(/[T ]/);
  const atMs = timeOf(`${day}T00:00Z`);
  return atMs !== null && new Date(atMs).toISOString().startsWith(day);
}

function timeOf(isoText: string): number | null {
  const ms = Date.parse(isoText);
  return Number.isNaN(ms) ? null : ms;
}

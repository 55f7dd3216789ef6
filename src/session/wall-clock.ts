/** Most formatters kept: one takes tens of microseconds to make; installations use a handful of zones. */
const MAX_FORMATTERS = 64;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a time zone show at an instant, as the milliseconds since 1970 at which UTC clocks show the same. */
export function wallClockMs(timeZone: string, atMs: number): number {
  const parts = new Map<string, number>();
  for (const { type, value } of formatterOf(timeZone).formatToParts(atMs)) parts.set(type, Number(value));
  const shown = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const dateMs = Date.UTC(shown("year"), shown("month") - 1, shown("day"));
  const seconds = (shown("hour") * 60 + shown("minute")) * 60 + shown("second");
  return dateMs + seconds * 1000 + millisecondOf(atMs);
}

/** Whether Intl knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false; // Intl's way to say that it does not know the name
    throw error;
  }
}

function millisecondOf(atMs: number): number {
  return ((atMs % 1000) + 1000) % 1000;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}

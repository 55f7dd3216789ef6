const FORMS =
  /^(?<year>\d{4})-?(?:W(?<week>\d\d)(?:-?(?<weekday>[1-7]))?|(?<month>\d\d)-?(?<day>\d\d))(?:[T ](?<hour>\d\d)(?::?(?<minute>\d\d)(?::?(?<second>\d\d(?:\.\d+)?))?)?(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * An ISO 8601 time in its extended form: `20260405T120000` and `2026-W14-7`, which Python reads as well, become
 * `2026-04-05T12:00:00` and `2026-04-05`. A text of another form is returned as it is, for the reader of times to refuse.
 */
export function extendedIsoTime(text: string): string {
  const parts = FORMS.exec(text)?.groups;
  if (parts === undefined) return text;
  const { year = "", week, weekday = "1", month = "", day = "", hour, minute = "00", second = "00", zone = "" } = parts;
  const date = week === undefined ? `${year}-${month}-${day}` : dateOfWeek(Number(year), Number(week), Number(weekday));
  if (hour === undefined) return date;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return `${date}T${hour}:${minute}:${second}${offset}`;
}

/** Week 1 is the one that has 4 January; weeks begin on Monday, day 1. */
function dateOfWeek(year: number, week: number, weekday: number): string {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const days = (week - 1) * 7 + (weekday - 1) - ((fourth.getUTCDay() + 6) % 7);
  return new Date(fourth.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** A word of a text, and where it begins. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** The words of a text in lower case. */
export function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0].toLowerCase(), at: match.index }));
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const units: readonly (readonly [RegExp, number])[] = [
  [/^s(ec(ond)?s?)?$/, SECOND_MS],
  [/^m(in(ute)?s?)?$/, MINUTE_MS],
  [/^(h|hrs?|hours?)$/, HOUR_MS],
  [/^(d|days?)$/, DAY_MS],
  [/^(w|weeks?)$/, 7 * DAY_MS],
];

function unitMs(text: string): number | null {
  return units.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Reads `20m`, `1h30m`, `2 hours`, `1 hour 30 minutes`, or a bare unit (`hour`), from the words at `from` on; null when no duration stands there. */
export function readDuration(
  words: readonly Word[],
  from: number,
): { readonly durationMs: number; readonly used: number } | null {
  let durationMs = 0;
  let used = 0;
  for (let place = from; place < words.length; ) {
    const word = words[place]?.text ?? "";
    const next = words[place + 1]?.text ?? "";
    const compact = [...word.matchAll(/(\d+)([a-z]+)/g)];
    const isCompact = compact.length > 0 && compact.map(([whole]) => whole).join("") === word;
    const bare = used === 0 ? unitMs(word) : null;
    let addedMs: number | null = null;
    let step = 1;
    if (isCompact) {
      const parts = compact.map(([, count, unit]) => Number(count) * (unitMs(unit ?? "") ?? Number.NaN));
      addedMs = parts.reduce((sum, part) => sum + part, 0);
    } else if (/^(\d+|an?)$/.test(word) && unitMs(next) !== null) {
      addedMs = (/^\d+$/.test(word) ? Number(word) : 1) * (unitMs(next) ?? 0);
      step = 2;
    } else if (bare !== null && word.length > 1) addedMs = bare;
    if (addedMs === null || Number.isNaN(addedMs)) break;
    durationMs += addedMs;
    used += step;
    place += step;
  }
  return used === 0 ? null : { durationMs, used };
}

/** Reads `9`, `9:30`, `9:30:15`, `9am`, `9 pm`, `noon` or `midnight`; null when no time of day stands there. */
export function readTimeOfDay(
  words: readonly Word[],
  from: number,
): { readonly hour: number; readonly minute: number; readonly second: number; readonly used: number } | null {
  const word = words[from]?.text ?? "";
  if (word === "noon") return { hour: 12, minute: 0, second: 0, used: 1 };
  if (word === "midnight") return { hour: 0, minute: 0, second: 0, used: 1 };
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?(am|pm)?$/.exec(word);
  if (match === null) return null;
  const after = words[from + 1]?.text ?? "";
  const isApart = match[4] === undefined && (after === "am" || after === "pm");
  const half = isApart ? after : (match[4] ?? null);
  const shown = Number(match[1]);
  if (half !== null && (shown < 1 || shown > 12)) return null;
  const hour = half === null ? shown : (shown % 12) + (half === "pm" ? 12 : 0);
  const [minute, second] = [Number(match[2] ?? 0), Number(match[3] ?? 0)];
  return hour > 23 || minute > 59 || second > 59 ? null : { hour, minute, second, used: isApart ? 2 : 1 };
}

const dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** The weekday a word names (`mon`, `Monday`, `mondays`), 1 for Monday to 7; null when it names none. */
export function readWeekday(text: string): number | null {
  const name = text.toLowerCase().replace(/[,.]$/, "");
  const index = dayNames.findIndex((day) => name === day || name === `${day}s` || name === day.slice(0, 3));
  return index < 0 ? null : index + 1;
}

/** A weekday's English name, from 1 for Monday to 7. */
export function weekdayName(day: number): string {
  const name = dayNames[day - 1] ?? "";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

import { visibleJson, visibleText } from "../observe/visible-text.ts";

/** Other people's text with its line breaks and tabs; every other control character is written out as an escape. */
export function visibleLines(text: string): string {
  return text
    .replaceAll("\r", "")
    .split(/([\n\t])/)
    .map((part) => (part === "\n" || part === "\t" ? part : visibleText(part)))
    .join("");
}

/** A value as JSON for people and programs: indented, and harmless to a terminal. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).split("\n").map(visibleJson).join("\n");
}

/** A time for tables, in a time zone: `2026-11-21 08:05`. */
export function timeColumn(atMs: number | null, timeZone: string): string {
  if (atMs === null) return "-";
  // The Swedish form of a date is the ISO one.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(atMs);
}

/** `1 session`, `2 sessions`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

import { visibleText } from "../observe/visible-text.ts";
import { cutToWidth, displayWidth, padEnd } from "./display-width.ts";

/** A column: its heading, and the most columns of the terminal it takes; null never cuts. */
export interface Column {
  readonly heading: string;
  readonly maxWidth: number | null;
}

const GAP = "  ";

/** A table for a terminal: one line a row, whatever people wrote into the cells. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => columns.map(({ maxWidth }, place) => cellText(row[place] ?? "", maxWidth)));
  const lines = [columns.map(({ heading }) => heading), ...cells];
  const widths = columns.map((_, place) => Math.max(...lines.map((line) => displayWidth(line[place] ?? ""))));
  return lines
    .map((line) =>
      line
        .map((cell, place) => padEnd(cell, widths[place] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

/** Facts, one a line, their values aligned. */
export function renderFacts(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(0, ...facts.map(([name]) => displayWidth(name)));
  return facts.map(([name, value]) => `${padEnd(name, width)}${GAP}${visibleText(value)}`.trimEnd()).join("\n");
}

function cellText(text: string, maxWidth: number | null): string {
  const visible = visibleText(text);
  return maxWidth === null ? visible : cutToWidth(visible, maxWidth);
}

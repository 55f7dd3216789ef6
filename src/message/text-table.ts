import { displayWidth } from "./display-width.ts";

/** How a column's cells stand; null as the reader's side. */
export type ColumnAlign = "left" | "right" | "center" | null;

/**
 * Most columns of the screen that a cell is padded to. A longer cell sticks out of its line and leaves the others alone: one
 * long sentence must not make every row as long as itself.
 */
const MAX_PADDED_WIDTH = 40;

/** A table as lines of a fixed-width font; the first row is its heading. Cells have no line breaks. */
export function textTable(rows: readonly (readonly string[])[], align: readonly ColumnAlign[]): string {
  const [heading = [], ...body] = rows;
  const columnCount = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columnCount }, (_, column) =>
    Math.min(MAX_PADDED_WIDTH, Math.max(1, ...rows.map((row) => displayWidth(row[column] ?? "")))),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => padded(cells[column] ?? "", width, align[column] ?? null))
      .join(" | ")
      .trimEnd();
  return [line(heading), widths.map((width) => "-".repeat(width)).join("-|-"), ...body.map(line)].join("\n");
}

function padded(cell: string, width: number, align: ColumnAlign): string {
  const missing = Math.max(0, width - displayWidth(cell));
  const before = align === "right" ? missing : align === "center" ? Math.floor(missing / 2) : 0;
  return " ".repeat(before) + cell + " ".repeat(missing - before);
}

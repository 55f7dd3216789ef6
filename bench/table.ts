import { type Finding, isReached } from "./benchmark.ts";

/** The findings of one benchmark. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const HEAD = ["What", "Median", "Min – max", "Target", ""] as const;

/** Plain text for a terminal, columns aligned. */
export function terminalTable({ title, findings }: Section): string {
  const rows = [HEAD, ...findings.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** The same for `results.md`, notes included. */
export function markdownTable({ title, findings }: Section): string {
  const head = [...HEAD.slice(0, 4), "Reached", "Note"];
  const rows = findings.map((finding) => [...cellsOf(finding), finding.note ?? ""]);
  const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  return [`## ${title}`, "", ...lines].join("\n");
}

function cellsOf(finding: Finding): string[] {
  const { what, unit, measured, target } = finding;
  const { median, min, max } = measured;
  const reached = isReached(finding);
  return [
    what,
    `${numberText(median)} ${unit}`,
    min === max ? "" : `${numberText(min)} – ${numberText(max)}`,
    target === undefined ? "" : `${target.bound === "at least" ? "≥" : "≤"} ${target.value.toLocaleString("en")}`,
    reached === null ? "" : reached ? "yes" : "**no**",
  ];
}

function numberText(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  if (value >= 10) return value.toFixed(1);
  return value >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}

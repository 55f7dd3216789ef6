/** `npm run bench:memory [-- --quick] [--seeds 1,2,3,4]`: holds generated conversations, prints what the agent knew, and writes `bench/memory-results.md` when it ran in full. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tempDir } from "../../test/support/temp-dir.ts";
import { machine } from "../machine.ts";
import { markdownTable, terminalTable } from "../table.ts";
import { memoryCost } from "./memory-cost.ts";
import { type ModelKind, memoryQuality, type Quality } from "./memory-quality.ts";
import { isClean, qualityRows } from "./quality-table.ts";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, seeds: { type: "string", default: "1,2,3,4" } },
});
const seeds = values.seeds.split(",").map(Number);
const size = values.quick ? { sessions: 12, turnsASession: 20 } : { sessions: 40, turnsASession: 50 };
const amount = values.quick
  ? { messages: 5_000, nodes: 1_000, rounds: 50 }
  : { messages: 100_000, nodes: 10_000, rounds: 1_000 };
const tell = (progress: string) => console.error(`memory: ${progress}`);

using folder = tempDir();
const qualities: Record<ModelKind, Quality[]> = { good: [], sloppy: [], none: [] };
for (const seed of seeds) {
  for (const kind of ["good", "sloppy", "none"] as const) {
    tell(`seed ${seed}, ${kind} model`);
    qualities[kind].push(await memoryQuality(folderOf(`${kind}-${seed}`), seed, kind, size));
  }
}
const rows = qualityRows(qualities);
console.log(`\n${columns(rows)}\n`);
const cost = { title: "Cost", findings: await memoryCost(folderOf("cost"), amount, tell) };
console.log(`${terminalTable(cost)}\n`);
if (!isClean(qualities)) {
  console.error("memory: what must be 0 is not.");
  for (const run of Object.values(qualities).flat())
    for (const what of [...run.leaks, ...run.secretsShown, ...run.secretsStored]) console.error(`  ${what}`);
  process.exitCode = 1;
}
if (!values.quick) writeFileSync(join(import.meta.dirname, "..", "memory-results.md"), resultsPage());

function folderOf(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  return path;
}

function columns(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function resultsPage(): string {
  const [head = [], ...body] = rows;
  const table = [head, head.map(() => "---"), ...body].map((row) => `| ${row.join(" | ")} |`).join("\n");
  const facts = qualities.good.map((run) => run.facts).join(", ");
  return [
    "# What is remembered, and what it costs",
    `Written by \`npm run bench:memory\`. Seeds ${seeds.join(", ")}: ${size.sessions} sessions of ${size.turnsASession} turns each over five months, in four direct chats and two groups, with ${facts} facts planted, and a budget of 2,000 tokens a turn. How it is made: docs/memory.md.`,
    machine()
      .map((text) => `- ${text}`)
      .join("\n"),
    "## Recall",
    table,
    markdownTable(cost),
    "",
  ].join("\n\n");
}

/** `npm run bench [-- --quick] [name …]`: runs the benchmarks, prints a table, writes `results.md` when all ran in full. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Benchmark, isReached } from "./benchmark.ts";
import { machine } from "./machine.ts";
import { markdownTable, type Section, terminalTable } from "./table.ts";

/** Loaded one by one: what one benchmark imports does not weigh on the one before. */
const benchmarks: Readonly<Record<string, readonly [title: string, load: () => Promise<Benchmark>]>> = {
  "store-life": ["Store: one message's whole life", async () => (await import("./store-life.ts")).storeLife],
  "store-scale": ["Store: a million sessions", async () => (await import("./store-scale.ts")).storeScale],
  "store-reads": [
    "Store: reading among a million sessions and messages",
    async () => (await import("./store-reads.ts")).storeReads,
  ],
  "reset-watcher": ["Reset watcher", async () => (await import("./reset-watcher.ts")).resetWatcher],
  "daemon-http": ["Daemon over HTTP, echo agent", async () => (await import("./daemon-http.ts")).daemonHttp],
  "daemon-footprint": ["Daemon at rest", async () => (await import("./daemon-footprint.ts")).daemonFootprint],
  "platform-echo": [
    "Chat platforms, beside the bare client libraries' echo bots",
    async () => (await import("./platform-echo.ts")).platformEcho,
  ],
  "agent-turn": ["A turn of a model, beside the AI SDK alone", async () => (await import("./agent-turn.ts")).agentTurn],
  "reset-judging": ["Reset policy", async () => (await import("./reset-judging.ts")).resetJudging],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => benchmarks[name] === undefined);
if (unknown.length > 0) {
  console.error(`bench: expected names of ${Object.keys(benchmarks).join(", ")}; got ${unknown.join(", ")}.`);
  process.exit(2);
}

const workFolder = mkdtempSync(join(tmpdir(), "parley-bench-"));
const sections: Section[] = [];
const startedMs = performance.now();
try {
  for (const [name, [title, load]] of Object.entries(benchmarks)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const benchmark = await load();
    const findings = await benchmark({ isQuick: values.quick, workFolder }, (progress) =>
      console.error(`${name}: ${progress}`),
    );
    sections.push({ title, findings });
    console.log(`\n${terminalTable({ title, findings })}\n`);
  }
} finally {
  rmSync(workFolder, { recursive: true, force: true });
}

const missed = sections.flatMap(({ findings }) => findings.filter((finding) => isReached(finding) === false));
const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
console.log(
  `${missed.length === 0 ? "Every target was reached" : `${missed.length} targets were missed`}; ${minutes} min.`,
);
if (!values.quick && positionals.length === 0) {
  writeFileSync(join(import.meta.dirname, "results.md"), resultsPage(sections));
}

function resultsPage(all: readonly Section[]): string {
  return [
    "# Benchmarks",
    "Written by `npm run bench`. Medians of interleaved runs (A B A B …), ratios taken within each pair; everything is durable (`synchronous=FULL`).",
    machine()
      .map((line) => `- ${line}`)
      .join("\n"),
    ...all.map(markdownTable),
    "",
  ].join("\n\n");
}

import type { Job } from "../schedule/job.ts";
import type { JobRunRow } from "../store/job-runs.ts";
import { type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { withReader } from "./own-store.ts";
import { jsonText, timeColumn } from "./shown-text.ts";
import { type Column, renderTable } from "./table.ts";

/** `parley jobs list`: what happens by the clock. */
export const jobsListCommand: CliCommand = {
  name: "jobs list",
  operands: [],
  summary: "List what happens by the clock, and how it stands.",
  options: [{ name: "done", value: null, summary: "Those that are done instead." }, jsonOption, ...configOptions],
  async run(call) {
    const { config } = await loadConfiguration(call);
    const { jobOf } = await import("../schedule/job.ts");
    const { selectDoneJobs, selectOpenJobs } = await import("../store/open-jobs.ts");
    const { selectJobRuns } = await import("../store/job-runs.ts");
    const { jobJson } = await import("../console/job-json.ts");
    return await withReader(config, async (reader): Promise<ExitCode> => {
      const rows = call.flag("done") ? selectDoneJobs(reader, MAX_JOBS) : selectOpenJobs(reader, 0, MAX_JOBS);
      const jobs = rows.map(jobOf);
      if (call.flag("json")) {
        call.terminal.print(jsonText({ jobs: jobs.map((job) => jobJson(reader, job)) }));
      } else if (jobs.length === 0) {
        call.terminal.complain('There are none. "parley jobs add" makes one, and jobs in the configuration.');
      } else {
        const { describePlan } = await import("../schedule/describe-schedule.ts");
        const { timeZone } = config.sessions;
        const cells = jobs.map((job) =>
          cellsOf(job, describePlan(job.plan), selectJobRuns(reader, job.id, 1)[0], timeZone),
        );
        call.terminal.print(renderTable(columns, cells));
      }
      return 0;
    });
  },
};

/** Jobs in one list: more than there may be. */
const MAX_JOBS = 10_000;

const columns: readonly Column[] = [
  { heading: "NAME", maxWidth: 40 },
  { heading: "STATE", maxWidth: null },
  { heading: "SCHEDULE", maxWidth: 48 },
  { heading: "NEXT", maxWidth: null },
  { heading: "LAST", maxWidth: null },
  { heading: "TOOK", maxWidth: null },
  { heading: "TOKENS", maxWidth: null },
  { heading: "COST", maxWidth: null },
  { heading: "RESULT", maxWidth: 60 },
];

function cellsOf(job: Job, words: string, last: JobRunRow | undefined, timeZone: string): readonly string[] {
  return [
    job.name,
    job.state,
    words,
    timeColumn(job.nextRunAtMs, timeZone),
    timeColumn(last?.started_at_ms ?? last?.claimed_at_ms ?? null, timeZone),
    last === undefined ? "-" : tookText(last),
    last === undefined ? "-" : String(last.input_tokens + last.output_tokens),
    last === undefined ? "-" : costText(last.cost_usd),
    // What stands in its way, or why it rests, is news; else how it went last.
    job.stateReason ?? (last === undefined ? "" : resultText(last)),
  ];
}

/** How long a run took. */
export function tookText({ started_at_ms: from, finished_at_ms: to }: JobRunRow): string {
  return from === null || to === null ? "-" : `${((to - from) / 1_000).toFixed(1)} s`;
}

/** What a run cost, as far as anybody knows. */
export function costText(costUsd: number | null): string {
  return costUsd === null ? "-" : `$${costUsd.toFixed(4)}`;
}

/** How a run went. */
export function resultText({ state, error }: JobRunRow): string {
  return error === null ? state : `${state}: ${error}`;
}

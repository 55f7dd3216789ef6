import { systemClock } from "../clock/clock.ts";
import type { Job } from "../schedule/job.ts";
import type { JobRunRow } from "../store/job-runs.ts";
import { type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { findJob } from "./find-job.ts";
import { costText, resultText, tookText } from "./jobs-list.ts";
import { withReader } from "./own-store.ts";
import { jsonText, timeColumn, visibleLines } from "./shown-text.ts";
import { renderFacts } from "./table.ts";

/** Runs whose output is shown. */
const SHOWN_RUNS = 10;

/** `parley jobs show`: one job and its last runs. */
export const jobsShowCommand: CliCommand = {
  name: "jobs show",
  operands: ["NAME"],
  summary: "Show a job, its last runs and what came of them.",
  options: [jsonOption, ...configOptions],
  async run(call) {
    const { config } = await loadConfiguration(call);
    const { describePlan } = await import("../schedule/describe-schedule.ts");
    const { selectJobRuns } = await import("../store/job-runs.ts");
    return await withReader(config, async (reader): Promise<ExitCode> => {
      const job = await findJob(reader, call.operands[0] ?? "");
      if (call.flag("json")) {
        const { wholeJobJson } = await import("../console/job-json.ts");
        call.terminal.print(jsonText(wholeJobJson(reader, job, systemClock.nowMs())));
        return 0;
      }
      const { timeZone } = config.sessions;
      const runs = selectJobRuns(reader, job.id, SHOWN_RUNS).map((run) => runText(run, timeZone));
      call.terminal.print(
        [factsOf(job, describePlan(job.plan), timeZone), visibleLines(job.text), ...runs].join("\n\n"),
      );
      return 0;
    });
  },
};

function factsOf(job: Job, words: string, timeZone: string): string {
  const { maker } = job;
  const state = job.stateReason === null ? job.state : `${job.state}: ${job.stateReason}`;
  return renderFacts([
    ["Job", job.name],
    ["State", state],
    ["Schedule", words],
    ["Next run", timeColumn(job.nextRunAtMs, timeZone)],
    ["Runs", String(job.runs)],
    ["Made by", `${job.madeBy}${maker === null ? "" : `, ${maker.name ?? ""} (${maker.platform}:${maker.userId})`}`],
    ["Agent", job.agent ?? "none: its text is delivered"],
    ["Session", job.session],
    ["Delivered to", job.targets.join(", ")],
  ]);
}

function runText(run: JobRunRow, timeZone: string): string {
  const tokens = run.input_tokens + run.output_tokens;
  const head = `${timeColumn(run.started_at_ms ?? run.claimed_at_ms, timeZone)}  ${tookText(run)}  ${tokens} tokens  ${costText(run.cost_usd)}  ${resultText(run)}`;
  return visibleLines(run.output === null ? head : `${head}\n${run.output}`);
}

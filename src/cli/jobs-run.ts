import { systemClock } from "../clock/clock.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { findJob } from "./find-job.ts";
import { actByName } from "./jobs-change.ts";
import { withReader } from "./own-store.ts";
import { jsonText, timeColumn, visibleLines } from "./shown-text.ts";
import { renderFacts } from "./table.ts";
import { targetWorldOf } from "./target-world.ts";

/** `parley jobs run`: runs a job now, or shows what that would do. */
export const jobsRunCommand: CliCommand = {
  name: "jobs run",
  operands: ["NAME"],
  summary: "Run a job now, whatever its schedule says.",
  notes: ["When no daemon runs, it runs at the next start."],
  options: [
    { name: "dry-run", value: null, summary: "Show the prompt, the targets and the next times, and send nothing." },
    jsonOption,
    ...configOptions,
  ],
  async run(call) {
    if (call.flag("dry-run")) return await rehearse(call);
    const isRunning = await actByName(call, "run");
    const [name = ""] = call.operands;
    if (call.flag("json")) call.terminal.print(jsonText({ name, isRunning }));
    else call.terminal.print(isRunning ? `${name} runs now.` : `No daemon runs: ${name} runs at the next start.`);
    return 0;
  },
};

async function rehearse(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const { rehearseJob } = await import("../schedule/rehearse-job.ts");
  const { homeOf, homeOfBot } = await import("../home-channels.ts");
  return await withReader(config, async (reader): Promise<ExitCode> => {
    const job = await findJob(reader, call.operands[0] ?? "");
    const { platforms } = config;
    const world = targetWorldOf(config, (platform, account) =>
      account === null ? homeOf(platforms, reader, platform) : homeOfBot(platforms, reader, platform, account),
    );
    // No bot is connected here that could ask; GET /api/jobs/NAME/dry-run has the daemon's ask.
    const shown = await rehearseJob(job, { world, refusedPlaces: async () => new Map() }, systemClock.nowMs());
    if (call.flag("json")) call.terminal.print(jsonText(shown));
    else {
      const { timeZone } = job.plan;
      const times = shown.nextTimesMs.map((atMs) => timeColumn(atMs, timeZone)).join(", ");
      const facts = renderFacts([
        ["Job", `${job.name} (${job.state})`],
        ["Agent", job.agent ?? "none: the text is delivered as it is"],
        ["Session", job.session],
        ["Delivered to", shown.targets.join(", ")],
        ...shown.problems.map((problem) => ["Problem", problem] as const),
        ["Next times", times === "" ? "none" : `${times} (${timeZone})`],
      ]);
      call.terminal.print(`${facts}\n\n${visibleLines(shown.prompt)}\n\nNothing was sent.`);
    }
    return shown.problems.length === 0 ? 0 : 1;
  });
}

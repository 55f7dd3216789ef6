import { systemClock } from "../clock/clock.ts";
import type { JobAction } from "../schedule/act-on-job.ts";
import { changeJobs } from "./change-jobs.ts";
import { type CliCall, type CliCommand, configOptions } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { CommandFailure } from "./failure.ts";

/** `parley jobs pause`: keeps a job from running until it is resumed. */
export const jobsPauseCommand: CliCommand = {
  name: "jobs pause",
  operands: ["NAME"],
  summary: "Pause a job until it is resumed.",
  options: configOptions,
  async run(call) {
    await actByName(call, "pause");
    call.terminal.print(`${call.operands[0]} is paused.`);
    return 0;
  },
};

/** `parley jobs resume`: makes a paused job active again. */
export const jobsResumeCommand: CliCommand = {
  name: "jobs resume",
  operands: ["NAME"],
  summary: "Make a paused job active again.",
  options: configOptions,
  async run(call) {
    await actByName(call, "resume");
    call.terminal.print(`${call.operands[0]} is active again.`);
    return 0;
  },
};

/** `parley jobs remove`: ends a job for good. */
export const jobsRemoveCommand: CliCommand = {
  name: "jobs remove",
  operands: ["NAME"],
  summary: "Remove a job; its history is kept for a while.",
  options: configOptions,
  async run(call) {
    await actByName(call, "remove");
    call.terminal.print(`${call.operands[0]} is removed.`);
    return 0;
  },
};

/** Does something about the job that is named; returns whether a daemon runs. */
export async function actByName(call: CliCall, action: JobAction): Promise<boolean> {
  const [name = ""] = call.operands;
  const { config } = await loadConfiguration(call);
  const path = `/api/jobs/${encodeURIComponent(name)}`;
  const { isRunning } = await changeJobs(call, config, {
    method: action === "remove" ? "DELETE" : "POST",
    path: action === "remove" ? path : `${path}/${action}`,
    there: () => null,
    async here(store, desk) {
      const { operator } = await import("../access/decide-pairing.ts");
      const { actOnJob } = await import("../schedule/act-on-job.ts");
      const { selectJobOfName } = await import("../store/jobs.ts");
      const row = selectJobOfName(store.reader, name);
      if (row === null) throw new CommandFailure(`there is no job "${name}". parley jobs list shows what there is.`);
      const changed = await store.write((tx) => actOnJob(tx, desk, row.id, action, operator.by, systemClock.nowMs()));
      if (changed.kind === "refused") throw new CommandFailure(changed.message);
      return null;
    },
  });
  return isRunning;
}

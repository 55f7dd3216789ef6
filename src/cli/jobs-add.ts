import { z } from "zod";
import { systemClock } from "../clock/clock.ts";
import { changeJobs } from "./change-jobs.ts";
import { type CliCall, type CliCommand, configOptions, type ExitCode, jsonOption } from "./cli-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { CommandFailure, UsageError } from "./failure.ts";
import { readAll } from "./read-all.ts";
import { readCount } from "./read-count.ts";
import { jsonText, timeColumn } from "./shown-text.ts";

/** Longest text that is read from stdin: more than a job may have. */
const MAX_TEXT_BYTES = 64 * 1024;

/** `parley jobs add`: makes a job, an operator's. */
export const jobsAddCommand: CliCommand = {
  name: "jobs add",
  operands: ["SCHEDULE", "TEXT…"],
  summary: "Make a job: what the agent is told by the clock; - as TEXT reads it from stdin.",
  notes: [
    'SCHEDULE is a cron pattern ("0 9 * * 1-5"), an interval ("every 2h", "every weekday at 9:30") or a time ("in 20m").',
    "TARGET is local (a file), <platform> (its home channel) or <platform>[@<account>]:<chat_id>[:<thread_id>].",
  ],
  options: [
    { name: "name", value: "NAME", summary: "Its name. Default: made from the text." },
    { name: "to", value: "TARGET", summary: "Where the answer goes; several are joined by commas. Default local." },
    { name: "time-zone", value: "ZONE", summary: "IANA time zone of the schedule. Default sessions.timeZone." },
    { name: "agent", value: "NAME", summary: "Which agent is told. Default main." },
    { name: "remind", value: null, summary: "Deliver the text as it is, without an agent." },
    { name: "own", value: null, summary: "One session that goes on, instead of one for each run." },
    { name: "max-runs", value: "N", summary: "It is done after so many runs." },
    jsonOption,
    ...configOptions,
  ],
  run,
};

const made = z.looseObject({
  name: z.string(),
  scheduleWords: z.string(),
  timeZone: z.string(),
  nextRunAtMs: z.int().nullable(),
});

async function run(call: CliCall): Promise<ExitCode> {
  const [schedule = "", ...words] = call.operands;
  const given = words.join(" ");
  const text = given === "-" ? (await readAll(call.terminal.stdin, MAX_TEXT_BYTES)).trimEnd() : given;
  if (text.trim() === "") throw new UsageError("jobs add: expected TEXT, what is to happen then.");
  const { config } = await loadConfiguration(call);
  const said = { name: call.text("name"), timeZone: call.text("time-zone"), agent: call.text("agent") };
  const maxRuns = readCount(call, "max-runs", [1, 1_000_000], null);
  const body = {
    schedule,
    ...(call.flag("remind") ? { text } : { prompt: text }),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)),
    deliver: (call.text("to") ?? "local").split(",").filter((target) => target !== ""),
    session: call.flag("own") ? "own" : "fresh",
    ...(maxRuns === null ? {} : { maxRuns }),
    madeBy: "cli",
  };
  const { result } = await changeJobs(call, config, {
    method: "POST",
    path: "/api/jobs",
    body,
    there: (answer) => answer,
    async here(store, desk) {
      const { draftOf, jobBody } = await import("../console/job-body.ts");
      const { wholeJobJson } = await import("../console/job-json.ts");
      const { makeJob } = await import("../schedule/make-job.ts");
      const read = jobBody.safeParse(body);
      if (!read.success)
        throw new UsageError(`jobs add: ${read.error.issues.map(({ message }) => message).join("; ")}.`);
      const rules = { world: desk.world, isAdmin: true, hasAgent: desk.hasAgent };
      const nowMs = systemClock.nowMs();
      const done = await store.write((tx) => makeJob(tx, draftOf(read.data, desk.timeZone), rules, nowMs));
      if (done.kind === "refused") throw new CommandFailure(done.message);
      return wholeJobJson(store.reader, done.job, nowMs);
    },
  });
  if (call.flag("json")) call.terminal.print(jsonText(result));
  else {
    const { name, scheduleWords, timeZone, nextRunAtMs } = made.parse(result);
    const next = timeColumn(nextRunAtMs, timeZone);
    // What happens once has its time in its words.
    const isSaid = nextRunAtMs === null || scheduleWords.includes(next);
    call.terminal.print(`${name} is made: ${scheduleWords}.${isSaid ? "" : ` It runs next on ${next}.`}`);
  }
  return 0;
}

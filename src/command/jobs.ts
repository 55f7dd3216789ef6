import { actOnJob, type JobAction, jobActions } from "../schedule/act-on-job.ts";
import type { Job } from "../schedule/job.ts";
import { askerOf, type JobAsker, jobsWithinReach, jobWithinReach, timeZoneOf } from "../schedule/job-asker.ts";
import { selectJobRuns } from "../store/job-runs.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { jobButtons, jobLine, jobText, showButtons } from "./job-line.ts";
import { quoted } from "./session-line.ts";
import { timeText } from "./time-text.ts";

/** Jobs one answer lists: a phone's screen. */
const LISTED_JOBS = 10;
/** Jobs that get buttons of their own in a list; of more, each gets one that shows it. */
const JOBS_WITH_BUTTONS = 3;
const USAGE = "[[run | pause | resume | remove] name]";

/** `/jobs`: what is to happen by the clock, and changing it. */
export const jobsCommand: Command = {
  name: "jobs",
  usage: USAGE,
  isControl: true,
  summary: "Show your jobs, or run, pause, resume or remove one.",
  group: "work",
  answer: "private",
  run(call) {
    const asker = askerOf(call.message, call.isAdmin);
    if (asker === null) return says("I don't know who you are here, so no job can be yours.");
    const [first = "", second, ...more] = call.argument.split(/\s+/);
    if (first === "" || (first === "list" && second === undefined)) return list(call, asker);
    const action = jobActions.find((name) => name === first.toLowerCase());
    if (more.length > 0 || (action === undefined && second !== undefined)) return says(`/jobs: expected \`${USAGE}\`.`);
    const name = second ?? first;
    const job = jobWithinReach(call.tx, asker, name);
    if (job === null) {
      const isForgotten = action !== undefined && second === undefined;
      return says(
        isForgotten ? `/jobs ${action}: expected a name.` : `You have no job ${quoted(name)}. /jobs lists them.`,
      );
    }
    return action === undefined || second === undefined ? show(call, asker, job) : change(call, asker, job, action);
  },
};

function list(call: CommandCall, asker: JobAsker): CommandResult {
  const jobs = jobsWithinReach(call.tx, asker);
  if (jobs.length === 0) return says("There are no jobs. /schedule makes one, and says how.");
  const timeZone = timeZoneOf(call.tx, asker, call.desk.timeZone);
  const shown = jobs.slice(0, LISTED_JOBS);
  const more = jobs.length - shown.length;
  const lines = shown.map((job) => `- ${jobLine(job, lastRun(call, job), timeZone)}`);
  const rest = more === 0 ? [] : [`- and ${more} more: \`/jobs name\` shows one.`];
  const buttons =
    shown.length <= JOBS_WITH_BUTTONS ? shown.flatMap((job) => jobButtons(job, shown.length > 1)) : showButtons(shown);
  return { ...says([...lines, ...rest].join("\n")), buttons };
}

function show(call: CommandCall, asker: JobAsker, job: Job): CommandResult {
  const timeZone = timeZoneOf(call.tx, asker, call.desk.timeZone);
  return { ...says(jobText(job, lastRun(call, job), timeZone)), buttons: jobButtons(job, false) };
}

function change(call: CommandCall, asker: JobAsker, job: Job, action: JobAction): CommandResult {
  const { platform, userId } = asker.maker;
  const changed = actOnJob(call.tx, call.desk, job.id, action, `${platform}:${userId}`, call.receivedAtMs);
  if (changed.kind === "refused") return says(changed.message);
  const timeZone = timeZoneOf(call.tx, asker, call.desk.timeZone);
  const next = changed.job.nextRunAtMs;
  const reply = `\`${job.name}\` ${PAST[action]}.`;
  if (action !== "resume" || next === null) return { ...says(reply), buttons: after(changed.job, action) };
  return { ...says(`${reply} It runs next on ${timeText(next, timeZone)}.`), buttons: after(changed.job, action) };
}

const PAST: Readonly<Record<JobAction, string>> = {
  run: "runs now",
  pause: "is paused",
  resume: "is active again",
  remove: "is removed",
};

function after(job: Job, action: JobAction) {
  return action === "remove" ? [] : jobButtons(job, false);
}

function lastRun(call: CommandCall, job: Job) {
  return selectJobRuns(call.tx, job.id, 1)[0] ?? null;
}

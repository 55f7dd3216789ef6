import { describePlan } from "../schedule/describe-schedule.ts";
import type { Job } from "../schedule/job.ts";
import { askerOf, timeZoneOf } from "../schedule/job-asker.ts";
import { makeOwnJob } from "../schedule/make-own-job.ts";
import { readLeadingSchedule } from "../schedule/read-schedule.ts";
import { selectTimeZone } from "../store/people.ts";
import { type Command, type CommandResult, says } from "./command.ts";
import { jobButtons } from "./job-line.ts";
import { readJobOptions } from "./job-options.ts";
import { shownLine } from "./session-line.ts";
import { timeText } from "./time-text.ts";

const EXAMPLES = [
  "For instance:",
  "- `/schedule in 20m look at the oven`",
  "- `/schedule every weekday at 9 summarise what is open`",
  '- `/schedule "0 9 * * 1-5" summarise what is open`',
  "- `/schedule --remind tomorrow at 17:30 call the garage`: no agent is asked, the text comes as it is",
  "- `/schedule --to telegram --session own every monday at 8 write the report` (elsewhere: admins)",
].join("\n");
/** Longest part of a schedule that is shown where it could not be read, in characters. */
const MAX_SHOWN = 40;
const MAX_TARGET = 200;
/** Longest reason why there is no job, in characters. */
const MAX_MESSAGE = 600;

/** `/schedule WHEN TEXT`: has the agent do something by the clock, or a text delivered. */
export const scheduleCommand: Command = {
  name: "schedule",
  usage: "[options] when text",
  isControl: true,
  summary: "Have the agent do something later, or again and again: in 20m …, every day at 9 …",
  group: "work",
  run(call) {
    if (call.argument === "") return says(EXAMPLES);
    const asker = askerOf(call.message, call.isAdmin);
    if (asker === null) return says("I don't know who you are here, so no job can be yours.");
    const before = readJobOptions(call.argument);
    if (before.kind === "wrong") return says(`/schedule: ${before.message}\n\n${EXAMPLES}`);
    const timeZone = timeZoneOf(call.tx, asker, call.desk.timeZone);
    const read = readLeadingSchedule(before.rest, { timeZone, nowMs: call.receivedAtMs });
    if (read.kind === "wrong") return says(mistake(before.rest, call.argument, read));
    const after = readJobOptions(read.schedule.rest, before.options);
    if (after.kind === "wrong") return says(`/schedule: ${after.message}\n\n${EXAMPLES}`);
    const { isReminder, name, agent, deliver, session } = after.options;
    if (after.rest.trim() === "") return says(`/schedule: what is to happen then? Expected a text.\n\n${EXAMPLES}`);
    const made = makeOwnJob(
      call.tx,
      call.desk,
      asker,
      {
        name,
        madeBy: "chat",
        schedule: read.schedule.text,
        timeZone,
        text: after.rest.trim(),
        agent: isReminder ? null : (agent ?? call.agentId),
        ...(deliver.length === 0 ? {} : { deliver }),
        ...(session === null ? {} : { session }),
      },
      call.receivedAtMs,
    );
    if (made.kind === "refused") return says(shownLine(made.message, MAX_MESSAGE));
    // No platform can be asked in a transaction.
    call.tx.afterCommit(() => call.desk.checkLater(made.job));
    return tell(made.job, selectTimeZone(call.tx, asker.maker.platform, asker.maker.userId) !== null);
  },
};

function tell(job: Job, hasOwnZone: boolean): CommandResult {
  const { timeZone } = job.plan;
  const isOnce = job.plan.schedule.kind === "at";
  const next =
    job.nextRunAtMs === null || isOnce ? "" : ` It runs next on ${timeText(job.nextRunAtMs, timeZone)} (${timeZone}).`;
  const places = job.targets.filter((target) => target !== "origin");
  const where =
    places.length === 0 ? "" : ` It is delivered to ${job.targets.map((it) => shownLine(it, MAX_TARGET)).join(", ")}.`;
  const zone = hasOwnZone ? "" : " /timezone sets another time zone for you.";
  const what = job.agent === null ? "reminder" : "job";
  return {
    ...says(`The ${what} \`${job.name}\` is made: ${describePlan(job.plan)}.${next}${where}${zone}`),
    buttons: jobButtons(job, false),
  };
}

/** Where a schedule could not be read, and what was expected there. */
function mistake(
  rest: string,
  whole: string,
  { at, message }: { readonly at: number; readonly message: string },
): string {
  const offset = whole.length - rest.length;
  const found = rest.slice(at, at + MAX_SHOWN).split(/[\s"“”']+/u)[0] ?? "";
  const place = found === "" ? "at its end" : `at character ${offset + at + 1} (“${shownLine(found, MAX_SHOWN)}”)`;
  return `/schedule: I can't read that ${place}: ${withExamples(shownLine(message, MAX_MESSAGE))}.\n\n${EXAMPLES}`;
}

/** What stands in quotes as it is to be typed, without the backslashes that keep it from being markup. */
function withExamples(line: string): string {
  return line.replace(/"([^"`]+)"/g, (_, inside: string) => `\`${inside.replace(/\\([\\*_~[\]<>|#])/g, "$1")}\``);
}

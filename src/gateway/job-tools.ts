import { z } from "zod";
import type { AgentTool } from "../agent/backend.ts";
import { actOnJob } from "../schedule/act-on-job.ts";
import { describePlan, localTime } from "../schedule/describe-schedule.ts";
import { type Job, jobOf } from "../schedule/job.ts";
import { isWithinReach, type JobAsker, jobsWithinReach, timeZoneOf } from "../schedule/job-asker.ts";
import { makeOwnJob, refusalOfOwnPlaces } from "../schedule/make-own-job.ts";
import { untrustedText } from "../session/untrusted-text.ts";
import { selectJobOfName } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import type { ToolScope } from "./agent-tools.ts";
import { inputOf, tool } from "./tool.ts";

/** Most jobs one turn may make: what one message asks for. */
const MAX_MADE = 5;
/** Most jobs one turn may cancel: as many as a person may have. */
const MAX_CANCELLED = 20;
/** Most jobs that a tool lists. */
const MAX_LISTED = 50;

const scheduleInput = inputOf(
  z.object({
    when: z.string().min(1).max(200),
    text: z.string().min(1).max(20_000),
    remind: z.boolean().default(false),
    name: z.string().max(64).optional(),
    deliver: z.array(z.string().min(1).max(600)).min(1).max(10).optional(),
    session: z.enum(["fresh", "own", "origin"]).optional(),
  }),
);
const listInput = inputOf(z.object({}));
const cancelInput = inputOf(z.object({ name: z.string().min(1).max(64) }));

/** The tools by which an agent has things happen later: for the people it answers, and within what all of them may do. */
export function jobTools(scope: ToolScope): readonly AgentTool[] {
  return [scheduleTool(scope), listTool(scope), cancelTool(scope)];
}

function scheduleTool(scope: ToolScope): AgentTool {
  let made = 0;
  return tool(
    "schedule",
    'Has you do something later, or a text said (`remind`: true). `when`: "in 20m", "tomorrow at 9", "every weekday at 9:30", "every 2h", a time, or a cron expression, in the person\'s time zone. `text`: what you will be told then, with all you need to know. `deliver` (default `origin`, here) takes targets as send_message does. `session`: `fresh` (default), `own` (one that goes on), or `origin` (this conversation).',
    scheduleInput,
    async ({ when, text, remind, name, deliver, session }) => {
      if (scope.turn.message.job !== undefined) return "Not scheduled: a job makes no jobs.";
      if (made >= MAX_MADE) return `Not scheduled: at most ${MAX_MADE} jobs a turn.`;
      const asker = makerAmong(scope.askers());
      if (asker === null) return "Not scheduled: nobody knows who asked.";
      made += 1;
      const { desk, store, turn } = scope;
      const { agentId, answeredBy } = turn.session;
      const draft = {
        name: name ?? null,
        madeBy: "agent",
        schedule: when,
        timeZone: timeZoneOf(store.reader, asker, desk.timeZone),
        text,
        agent: remind ? null : (answeredBy ?? agentId),
        ...(deliver === undefined ? {} : { deliver }),
        ...(session === undefined ? {} : { session }),
      } as const;
      const refusal = await refusalOfOwnPlaces(desk, asker, draft, scope.nowMs());
      if (refusal !== null) return `Not scheduled: ${refusal}`;
      const done = await store.write((tx) => {
        const twin = twinOf(tx, asker, when, text);
        // A turn that runs again asks again.
        if (twin !== null)
          return { kind: "refused", message: `There is that very job already: ${twin.name}.` } as const;
        return makeOwnJob(tx, desk, asker, draft, scope.nowMs());
      });
      return done.kind === "refused" ? `Not scheduled: ${done.message}` : `Scheduled as ${lineOf(done.job)}`;
    },
  );
}

function listTool(scope: ToolScope): AgentTool {
  return tool(
    "list_jobs",
    "Lists what is scheduled for the people who asked: names, schedules, how they stand.",
    listInput,
    () => {
      const jobs = reachable(scope);
      if (jobs.length === 0) return "There are no jobs.";
      const lines = jobs.slice(0, MAX_LISTED).map((job) => `${lineOf(job)} ${untrustedText(job.text)}`);
      return [...lines, ...(jobs.length > MAX_LISTED ? [`and ${jobs.length - MAX_LISTED} more`] : [])].join("\n");
    },
  );
}

function cancelTool(scope: ToolScope): AgentTool {
  let cancelled = 0;
  return tool("cancel_job", "Removes a job by its name, as list_jobs shows it.", cancelInput, async ({ name }) => {
    if (cancelled >= MAX_CANCELLED) return `Not cancelled: at most ${MAX_CANCELLED} jobs a turn.`;
    cancelled += 1;
    const changed = await scope.store.write((tx) => {
      const row = selectJobOfName(tx, name.toLowerCase());
      if (row === null || !mayCancel(scope, jobOf(row))) return null;
      return actOnJob(tx, scope.desk, row.id, "remove", "its agent", scope.nowMs());
    });
    if (changed === null) return "Not cancelled: whoever asked has no job of that name.";
    return changed.kind === "changed" ? `${changed.job.name} is cancelled.` : `Not cancelled: ${changed.message}`;
  });
}

/** Jobs that everybody who asked may see; a job's own agent sees that one. */
function reachable(scope: ToolScope): readonly Job[] {
  const run = scope.turn.message.job;
  if (run !== undefined) {
    const row = selectJobOfName(scope.store.reader, run.jobName);
    return row === null ? [] : [jobOf(row)];
  }
  const askers = scope.askers() ?? [];
  const maker = makerAmong(askers);
  if (maker === null) return [];
  return jobsWithinReach(scope.store.reader, maker).filter((job) => isOfAll(job, askers));
}

function mayCancel(scope: ToolScope, job: Job): boolean {
  const run = scope.turn.message.job;
  return run === undefined ? isOfAll(job, scope.askers() ?? []) : run.jobName === job.name;
}

function isOfAll(job: Job, askers: readonly JobAsker[]): boolean {
  return askers.length > 0 && askers.every((asker) => isWithinReach(job, asker));
}

/** Whose a job becomes that several people asked for: somebody's who may do least, so that none of them gets a job with more rights than their own. */
function makerAmong(askers: readonly JobAsker[] | null): JobAsker | null {
  return askers?.find(({ isAdmin }) => !isAdmin) ?? askers?.at(-1) ?? null;
}

function twinOf(tx: Tx, asker: JobAsker, when: string, text: string): Job | null {
  return (
    jobsWithinReach(tx, { ...asker, isAdmin: false }).find(
      (job) => job.scheduleText === when.trim() && job.text === text.toWellFormed(),
    ) ?? null
  );
}

function lineOf(job: Job): string {
  const { timeZone } = job.plan;
  const next = job.nextRunAtMs === null ? "" : `, next on ${localTime(timeZone, job.nextRunAtMs)}`;
  return `${job.name} (${job.state}): ${describePlan(job.plan)}${next}.`;
}

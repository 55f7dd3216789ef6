import type { Button } from "../message/message.ts";
import { describePlan } from "../schedule/describe-schedule.ts";
import type { Job } from "../schedule/job.ts";
import type { JobRunRow } from "../store/job-runs.ts";
import { shownLine } from "./session-line.ts";
import { timeText } from "./time-text.ts";

/** Longest command behind a button, in bytes. */
const MAX_COMMAND_BYTES = 64;
/** Longest label of a button, in UTF-16 units: more is cut on a phone. */
const MAX_BUTTON_LABEL = 40;
/** Longest reason or error in a line, in characters. */
const MAX_REASON = 120;
/** Longest part of a text or an output that is shown, in characters. */
const MAX_TEXT = 300;
/** Longest pattern in a line, in characters. */
const MAX_WORDS = 200;

const STANDING: Readonly<Record<Job["state"], string>> = {
  active: "In its way",
  paused: "It is paused",
  done: "It is done",
};

/** One line about a job, for lists in a chat: when, how it stands, how it went. */
export function jobLine(job: Job, last: JobRunRow | null, timeZone: string): string {
  // Once is when it says, as long as it has not been put off.
  const { schedule } = job.plan;
  const isSaid = schedule.kind === "at" && schedule.atMs === job.nextRunAtMs;
  const next = job.nextRunAtMs === null || isSaid ? "" : `; next ${timeText(job.nextRunAtMs, timeZone)}`;
  const state = job.state === "active" ? "" : ` (${job.state})`;
  return `\`${job.name}\`${state}: ${shownLine(describePlan(job.plan), MAX_WORDS)}${next}; ${lastWords(last, timeZone)}`;
}

/** Everything about a job, in lines. */
export function jobText(job: Job, last: JobRunRow | null, timeZone: string): string {
  const lines = [
    jobLine(job, last, timeZone),
    ...(job.stateReason === null ? [] : [`${STANDING[job.state]}: ${shownLine(job.stateReason, MAX_TEXT)}`]),
    `${job.agent === null ? "It says" : `${shownLine(job.agent, MAX_REASON)} is told`}: ${shownLine(job.text, MAX_TEXT)}`,
    `Delivered to: ${job.targets.map((target) => shownLine(target, MAX_REASON)).join(", ")}`,
    ...(last?.output == null ? [] : [`Last output: ${shownLine(last.output, MAX_TEXT)}`]),
    ...(job.madeBy === "config" ? ["It is a job of the configuration file, and changed there."] : []),
  ];
  return lines.join("\n");
}

/** What can be done about a job now, as buttons; `isNamed` puts its name into each label. */
export function jobButtons(job: Job, isNamed: boolean): readonly Button[] {
  const isFixed = job.madeBy === "config";
  const turn = job.state === "paused" ? ["Resume"] : isFixed ? [] : ["Pause"];
  return ["Run", ...turn, ...(isFixed ? [] : ["Remove"])]
    .map((label) => ({
      label: isNamed ? `${label} ${job.name}`.slice(0, MAX_BUTTON_LABEL) : label,
      command: `/jobs ${label.toLowerCase()} ${job.name}`,
    }))
    .filter(isShort);
}

/** A button for each job, that shows it. */
export function showButtons(jobs: readonly Job[]): readonly Button[] {
  return jobs.map(({ name }) => ({ label: name.slice(0, MAX_BUTTON_LABEL), command: `/jobs ${name}` })).filter(isShort);
}

function isShort({ command }: Button): boolean {
  return Buffer.byteLength(command) <= MAX_COMMAND_BYTES;
}

/** How a job's last run went. */
function lastWords(run: JobRunRow | null, timeZone: string): string {
  if (run === null) return "has not run yet";
  const at = timeText(run.started_at_ms ?? run.claimed_at_ms, timeZone);
  switch (run.state) {
    case "claimed":
    case "running":
      return `runs since ${at}`;
    case "done":
      return `last ran ${at}${run.error === null ? "" : `, but: ${shownLine(run.error, MAX_REASON)}`}`;
    case "failed":
      return `failed ${at}: ${shownLine(run.error ?? "nobody knows why", MAX_REASON)}`;
    case "skipped":
      return `left out ${at}: ${shownLine(run.error ?? "nobody knows why", MAX_REASON)}`;
  }
}

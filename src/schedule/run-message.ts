import type { InboundMessage } from "../message/message.ts";
import type { SessionSource } from "../session/source.ts";
import { untrustedText } from "../session/untrusted-text.ts";
import { describePlan, localTime } from "./describe-schedule.ts";
import type { Job } from "./job.ts";

/** The platform of sessions in which jobs run; no bot has it. */
export const JOB_PLATFORM = "job";

/** A run as its message needs it. */
interface RunFacts {
  readonly runId: number;
  readonly dueAtMs: number;
}

/** What wants the turn of a run, as an inbox row carries it. */
export function runMessage(job: Job, run: RunFacts): InboundMessage {
  return {
    source: sourceOf(job, run.runId),
    messageId: `run-${run.runId}`,
    text: job.agent === null ? job.text : jobPrompt(job, run.dueAtMs),
    attachments: [],
    job: { runId: run.runId, jobName: job.name, origin: job.origin },
  };
}

/** What the agent of a job is told: that it is one, which, when it last ran, and what to do. */
export function jobPrompt(job: Job, dueAtMs: number): string {
  const { timeZone } = job.plan;
  const last = job.lastRunAtMs === null ? "has not run before" : `last ran on ${localTime(timeZone, job.lastRunAtMs)}`;
  const targets = job.targets.map(untrustedText).join(", ");
  return [
    `[You are run by the clock, as the job ${JSON.stringify(job.name)}: ${describePlan(job.plan)}. This run is for ${localTime(timeZone, dueAtMs)}; the job ${last}.`,
    `Nobody waits for you and nobody can be asked. Your answer is delivered to: ${targets}. If there is nothing worth telling, answer with the single word NOTHING, and nothing is delivered.]`,
    "",
    job.text,
  ].join("\n");
}

/** Whether an agent's answer says that there is nothing to deliver. */
export function isNothing(answer: string): boolean {
  return /^NOTHING\.?$/.test(answer.trim());
}

/** Where a job runs: in a place of its own, or in the chat in which it was made. */
export function sourceOf(job: Pick<Job, "name" | "session" | "origin">, runId: number): SessionSource {
  if (job.session === "origin" && job.origin !== null) return job.origin.source;
  return {
    platform: JOB_PLATFORM,
    account: "default",
    chatType: "dm",
    chatId: job.name,
    threadId: job.session === "own" ? null : String(runId),
    userId: null,
    userIdAlt: null,
    workspaceId: null,
    parentChatId: null,
    userName: null,
    chatName: job.name,
    chatTopic: null,
    chatIdAlt: null,
  };
}

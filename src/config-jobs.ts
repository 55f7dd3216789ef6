import type { Config } from "../config/config.ts";
import type { JobDraft } from "./schedule/make-job.ts";
import { readWeekday } from "./schedule/schedule-words.ts";

/** The jobs of the configuration as they are made: an operator's, with an operator's rights. */
export function configJobs(jobs: Config["jobs"]): readonly JobDraft[] {
  return jobs.map((job) => ({
    name: job.name,
    madeBy: "config",
    maker: null,
    origin: null,
    schedule: job.schedule,
    timeZone: job.timeZone,
    text: job.prompt ?? job.text ?? "",
    agent: job.prompt === undefined ? null : job.agent,
    deliver: job.deliver,
    session: job.session,
    catchUp: job.catchUp,
    overlap: job.overlap,
    jitterMs: job.jitterSeconds * 1_000,
    days: job.days?.flatMap((day) => readWeekday(day) ?? []) ?? null,
    endsAtMs: job.endsAt === undefined ? null : Date.parse(job.endsAt),
    maxRuns: job.maxRuns ?? null,
  }));
}

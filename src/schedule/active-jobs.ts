import { selectJobsOfMaker } from "../store/jobs.ts";
import type { Reader } from "../store/sqlite.ts";
import type { JobMaker } from "./job.ts";

/** Most active jobs of one person: each may cost a turn of the agent, time after time. */
export const MAX_ACTIVE_JOBS = 20;
/** Jobs of one person that are counted: more than anybody may have. */
const MAX_COUNTED = 1_000;

/** Whether a person has as many active jobs as anybody may have. */
export function hasMostActiveJobs(db: Reader, { platform, userId }: Pick<JobMaker, "platform" | "userId">): boolean {
  const active = selectJobsOfMaker(db, platform, userId, MAX_COUNTED).filter(({ state }) => state === "active");
  return active.length >= MAX_ACTIVE_JOBS;
}

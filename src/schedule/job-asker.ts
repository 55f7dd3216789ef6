import type { InboundMessage, JobOrigin } from "../message/message.ts";
import { participantOf } from "../session/source.ts";
import { selectJobOfName, selectJobsOfMaker } from "../store/jobs.ts";
import { selectOpenJobs } from "../store/open-jobs.ts";
import { selectTimeZone } from "../store/people.ts";
import type { Reader } from "../store/sqlite.ts";
import { type Job, type JobMaker, jobOf } from "./job.ts";

/** Somebody in a chat who looks at jobs, or makes and changes them. */
export interface JobAsker {
  readonly maker: JobMaker;
  /** Where they ask, and what their rights are judged by. */
  readonly origin: JobOrigin;
  readonly isAdmin: boolean;
}

/** Platforms of whoever runs the daemon: all jobs are theirs to see. */
const OPERATORS: readonly string[] = ["local", "web"];
/** Jobs read at a time. */
const PAGE = 500;
/** Most jobs of one person that are looked through: more than anybody may have. */
const MAX_OWN = 1_000;

/** Who asks by a message; null when nobody is known. */
export function askerOf({ source, roleIds = [], isPerson = true }: InboundMessage, isAdmin: boolean): JobAsker | null {
  const userId = participantOf(source);
  if (userId === null) return null;
  const maker = { platform: source.platform, userId, name: source.userName };
  return { maker, origin: { source, roleIds, isPerson }, isAdmin };
}

/** Whether somebody may see and change a job: their own; admins also those made in the chat they ask in, and operators all. */
export function isWithinReach(job: Pick<Job, "maker" | "origin">, { maker, origin, isAdmin }: JobAsker): boolean {
  if (job.maker !== null && job.maker.platform === maker.platform && job.maker.userId === maker.userId) return true;
  if (!isAdmin) return false;
  const here = origin.source;
  if (OPERATORS.includes(here.platform)) return true;
  const there = job.origin?.source;
  return (
    there !== undefined &&
    there.platform === here.platform &&
    there.account === here.account &&
    there.chatId === here.chatId
  );
}

/** The jobs within somebody's reach that are not done, in order of their making. */
export function jobsWithinReach(db: Reader, asker: JobAsker): readonly Job[] {
  if (!asker.isAdmin) return selectJobsOfMaker(db, asker.maker.platform, asker.maker.userId, MAX_OWN).map(jobOf);
  const jobs: Job[] = [];
  for (let after = 0; ; ) {
    const page = selectOpenJobs(db, after, PAGE);
    jobs.push(...page.map(jobOf).filter((job) => isWithinReach(job, asker)));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return jobs;
    after = last.id;
  }
}

/** The job of a name that is not done, if it is within somebody's reach: of others they learn nothing. */
export function jobWithinReach(db: Reader, asker: JobAsker, name: string): Job | null {
  const row = selectJobOfName(db, name.toLowerCase());
  const job = row === null ? null : jobOf(row);
  return job !== null && isWithinReach(job, asker) ? job : null;
}

/** The time zone somebody's schedules are read in and their times are shown in. */
export function timeZoneOf(db: Reader, asker: Pick<JobAsker, "maker"> | null, otherwise: string): string {
  if (asker === null) return otherwise;
  return selectTimeZone(db, asker.maker.platform, asker.maker.userId) ?? otherwise;
}

import type { Tx } from "../store/writer.ts";
import { hasMostActiveJobs, MAX_ACTIVE_JOBS } from "./active-jobs.ts";
import { upcoming } from "./job.ts";
import type { JobAsker } from "./job-asker.ts";
import type { JobDesk } from "./job-desk.ts";
import { checkDraft, type JobDraft, type MadeJob, makeJob } from "./make-job.ts";
import { refusalOfPlaces } from "./places-to-ask.ts";
import type { Plan } from "./schedule.ts";

/** Shortest time between two runs of a person's job; what is to happen more often is an operator's to decide. */
export const MIN_GAP_MS = 60_000;
/** Next times that are looked at for two that are too near: more than a pattern has in an hour, if it keeps to that. */
const LOOKED_AT = 70;

/** A job as a person wants it; who makes it, and where, is added. */
export type OwnDraft = Omit<JobDraft, "maker" | "origin">;

/** Asks the platforms about the places of somebody's job before it is made; null when nothing is known against them. */
export function refusalOfOwnPlaces(
  desk: JobDesk,
  { maker, origin, isAdmin }: JobAsker,
  own: OwnDraft,
  nowMs: number,
): Promise<string | null> {
  const rules = { world: desk.world, isAdmin, hasAgent: desk.hasAgent };
  return refusalOfPlaces(desk, { ...own, maker, origin }, rules, nowMs);
}

/** Stores a job of somebody in a chat, in the caller's transaction, within what one person may have; the job watcher is told once it is on disk. */
export function makeOwnJob(tx: Tx, desk: JobDesk, asker: JobAsker, own: OwnDraft, nowMs: number): MadeJob {
  const { maker, origin, isAdmin } = asker;
  const draft: JobDraft = { ...own, maker, origin };
  const rules = { world: desk.world, isAdmin, hasAgent: desk.hasAgent };
  const checked = checkDraft(draft, rules, nowMs);
  if (checked.kind === "refused") return checked;
  if (isTooOften(checked.plan, nowMs)) {
    return { kind: "refused", message: "A job runs at most once a minute. Choose a longer interval." };
  }
  if (hasMostActiveJobs(tx, maker)) {
    return { kind: "refused", message: `You have ${MAX_ACTIVE_JOBS} active jobs already: remove or pause one first.` };
  }
  return tellDesk(tx, desk, makeJob(tx, draft, rules, nowMs));
}

/** Has the job watcher told of a job that was made, once that is on disk. */
export function tellDesk(tx: Tx, desk: Pick<JobDesk, "changed">, made: MadeJob): MadeJob {
  if (made.kind === "made") tx.afterCommit(() => desk.changed(made.job.name, made.job.nextRunAtMs));
  return made;
}

function isTooOften(plan: Plan, nowMs: number): boolean {
  const times = upcoming(plan, nowMs, LOOKED_AT);
  return times.some((atMs, index) => index > 0 && atMs - (times[index - 1] ?? 0) < MIN_GAP_MS);
}

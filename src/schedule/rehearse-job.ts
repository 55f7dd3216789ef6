import { resolveTargets } from "../session/resolve-targets.ts";
import { type Job, placeOfJob, upcoming } from "./job.ts";
import type { JobDesk } from "./job-desk.ts";
import { placesToAsk } from "./places-to-ask.ts";
import { jobPrompt } from "./run-message.ts";

/** What a run of a job would be now. */
export interface Rehearsal {
  readonly name: string;
  /** Null: the text is delivered as it is. */
  readonly agent: string | null;
  readonly session: Job["session"];
  /** What the agent would be told, or the text. */
  readonly prompt: string;
  /** Where it would be delivered. */
  readonly targets: readonly string[];
  /** What stands in the way, in words. */
  readonly problems: readonly string[];
  /** Milliseconds since 1970 UTC; none when it is not active. */
  readonly nextTimesMs: readonly number[];
}

/** Next times that are shown. */
const SHOWN_TIMES = 5;

/** Says what a run of a job would be now, without one. */
export async function rehearseJob(
  job: Job,
  desk: Pick<JobDesk, "world" | "refusedPlaces">,
  nowMs: number,
): Promise<Rehearsal> {
  const { targets, problems } = resolveTargets(job.targets, placeOfJob(job), desk.world);
  const refused = await desk.refusedPlaces(placesToAsk(targets, job.origin));
  return {
    name: job.name,
    agent: job.agent,
    session: job.session,
    prompt: job.agent === null ? job.text : jobPrompt(job, nowMs),
    targets: targets.map(({ text }) => text),
    problems: [...problems, ...refused.values()],
    nextTimesMs: job.state === "active" ? upcoming(job.plan, nowMs, SHOWN_TIMES) : [],
  };
}

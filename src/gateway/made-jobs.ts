import type { Clock } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { removeJob } from "../schedule/change-job.ts";
import { type Job, jobOf, placeOfJob } from "../schedule/job.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import { placesToAsk } from "../schedule/places-to-ask.ts";
import { resolveTargets } from "../session/resolve-targets.ts";
import { updateStandingReason } from "../store/jobs.ts";
import { selectOpenJobs } from "../store/open-jobs.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";

/** Asks the platforms about jobs that were made where nobody could wait for them: by a command, or by the configuration. */
export interface MadeJobs {
  /** A command made it: when a place of it is refused it is taken back, and whoever made it is told. A process that ends before that leaves it, and its runs tell. */
  checkLater(job: Job): void;
  /** Those of the configuration, which only the file can change: what is refused is logged and shown with the job. */
  checkConfigured(): void;
  /** Ends what is under way; `stopping` of the place check is aborted before. */
  stop(): Promise<void>;
}

/** What that stands on. */
export interface MadeJobsParts {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly world: JobDesk["world"];
  readonly refusedPlaces: JobDesk["refusedPlaces"];
  /** Writes to whoever made a job, in the transaction. */
  readonly tell: (tx: Tx, job: Job, text: string) => void;
  /** A job changed and is on disk. */
  readonly changed: (jobName: string) => void;
}

/** Jobs read at a time. */
const PAGE = 200;

/** Opens it. */
export function openMadeJobs(parts: MadeJobsParts): MadeJobs {
  const { store, clock, events, world, refusedPlaces } = parts;
  const running = new Set<Promise<void>>();
  const start = (work: Promise<void>) => {
    const run = work
      .catch((error: unknown) => events.storeWriteFailed({ error }))
      .finally(() => {
        running.delete(run);
      });
    running.add(run);
  };

  const check = async (job: Job) => {
    const { targets } = resolveTargets(job.targets, placeOfJob(job), world);
    const refused = await refusedPlaces(placesToAsk(targets, job.origin));
    if (refused.size === 0) return;
    const why = [...refused.values()].join("\n");
    const isGone = await store.write((tx) => {
      const removed = removeJob(tx, job.id, why, clock.nowMs()).kind === "changed";
      if (removed) parts.tell(tx, job, `The job \`${job.name}\` is not kept:\n${why}`);
      return removed;
    });
    if (isGone) parts.changed(job.name);
  };

  const checkConfigured = async () => {
    const jobs = configured(store).map((job) => ({ job, ...resolveTargets(job.targets, null, world) }));
    const refused = await refusedPlaces(jobs.flatMap(({ targets }) => targets));
    for (const { job, targets } of jobs) {
      const why = targets.flatMap(({ text }) => refused.get(text) ?? []).join("\n");
      if (why !== "") events.jobPlacesRefused({ job: job.name, reason: why });
      const reason = why === "" ? null : why;
      if (reason === job.stateReason) continue;
      await store.write((tx) => updateStandingReason(tx, job.id, reason));
      parts.changed(job.name);
    }
  };

  return {
    checkLater: (job) => start(check(job)),
    checkConfigured: () => start(checkConfigured()),
    async stop() {
      await Promise.allSettled(running);
    },
  };
}

function configured(store: SessionStore): readonly Job[] {
  const jobs: Job[] = [];
  for (let after = 0; ; ) {
    const page = selectOpenJobs(store.reader, after, PAGE);
    jobs.push(...page.filter((row) => row.made_by === "config" && row.state === "active").map(jobOf));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return jobs;
    after = last.id;
  }
}

import { openEvents } from "../../src/observe/events.ts";
import { silentLog } from "../../src/observe/log.ts";
import { openMetrics } from "../../src/observe/metrics.ts";
import type { WaitingRun } from "../../src/schedule/claim-run.ts";
import { endRun, type RunOutcome } from "../../src/schedule/end-run.ts";
import type { Job } from "../../src/schedule/job.ts";
import { jobOf } from "../../src/schedule/job.ts";
import { type JobWatcher, type JobWatcherOptions, startJobWatcher } from "../../src/schedule/job-watcher.ts";
import { type JobDraft, type JobRules, makeJob } from "../../src/schedule/make-job.ts";
import type { TargetWorld } from "../../src/session/resolve-targets.ts";
import { finishInbox } from "../../src/store/inbox.ts";
import { type JobRunRow, selectJobRuns, selectOpenRuns } from "../../src/store/job-runs.ts";
import { selectJob } from "../../src/store/jobs.ts";
import type { SessionStore } from "../../src/store/store.ts";
import type { FakeClock } from "./fake-clock.ts";

/** A world with a page, a terminal and two platforms, of which `memory` has a home channel. */
export const targetWorld: TargetWorld = {
  platforms: ["memory", "other", "web", "local"],
  accountsOf: (platform) => (platform === "memory" || platform === "other" ? ["default"] : []),
  homeOf: (platform) =>
    platform === "memory" ? { platform, account: "default", chatId: "home", threadId: null } : null,
};
export const jobRules: JobRules = { world: targetWorld, isAdmin: true, hasAgent: (name) => name === "main" };

/** An operator's job that runs every hour, with an agent. */
export function hourly(about: Partial<JobDraft> = {}): JobDraft {
  return {
    name: "standup",
    madeBy: "cli",
    maker: null,
    origin: null,
    schedule: "0 * * * *",
    timeZone: "UTC",
    text: "Say what is open.",
    agent: "main",
    deliver: ["memory:team"],
    ...about,
  };
}

/** Makes a job and fails when it is refused. */
export async function addJob(store: SessionStore, clock: FakeClock, draft: JobDraft): Promise<Job> {
  const made = await store.write((tx) => makeJob(tx, draft, jobRules, clock.nowMs()));
  if (made.kind === "refused") throw new Error(made.message);
  return made.job;
}

/** A watcher without a gateway: the test ends what was claimed. */
export interface WatchedJobs extends Disposable {
  readonly watcher: JobWatcher;
  /** The rows the gateway would have been told of. */
  readonly waiting: WaitingRun[];
  /** Why jobs were paused. */
  readonly paused: string[];
}

/** Starts one. */
export function watchJobs(store: SessionStore, clock: FakeClock, about: Partial<JobWatcherOptions> = {}): WatchedJobs {
  const waiting: WaitingRun[] = [];
  const paused: string[] = [];
  const watcher = startJobWatcher({
    store,
    clock,
    events: openEvents(silentLog, openMetrics({ version: "0" })),
    routeOf: () => "main",
    refusal: () => null,
    maxOpenRuns: 8,
    onWaiting: (runs) => void waiting.push(...runs),
    tellPaused: (_, job, why) => void paused.push(`${job.name}: ${why}`),
    ...about,
  });
  return { watcher, waiting, paused, [Symbol.dispose]: () => watcher[Symbol.dispose]() };
}

/** Ends every open run, as its turn would. */
export async function endOpenRuns(
  store: SessionStore,
  clock: FakeClock,
  state: RunOutcome["state"] = "done",
): Promise<number> {
  const open = selectOpenRuns(store.reader, 10_000);
  const outcome = { state, error: state === "failed" ? "boom" : null, usage: null, output: "said", delivered: [] };
  await store.write((tx) => {
    for (const run of open) {
      if (run.inbox_id === null) continue;
      finishInbox(tx, {
        id: run.inbox_id,
        state: "done",
        firstOutboxId: null,
        finishedAtMs: clock.nowMs(),
        error: null,
      });
      endRun(tx, run, outcome, clock.nowMs());
    }
  });
  return open.length;
}

/** A job as it is now. */
export function jobNow(store: SessionStore, id: number): Job {
  const row = selectJob(store.reader, id);
  if (row === null) throw new Error(`no job ${id}`);
  return jobOf(row);
}

/** A job's runs in words, oldest first: what time each was for, and how it went. */
export function runsOf(store: SessionStore, id: number): string[] {
  return selectJobRuns(store.reader, id, 1_000)
    .reverse()
    .map((run: JobRunRow) => `${new Date(run.due_at_ms).toISOString().slice(5, 16)} ${run.state}`);
}

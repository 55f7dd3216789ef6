import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { storeText } from "../media/store-text.ts";
import type { InboundMessage, JobOrigin } from "../message/message.ts";
import type { Events } from "../observe/events.ts";
import type { Adapter } from "../platform/adapter.ts";
import { type Job, jobOf, placeOfJob } from "../schedule/job.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import { resolveTargets, type TargetWorld } from "../session/resolve-targets.ts";
import type { SessionSource } from "../session/source.ts";
import { selectRunOfInbox, updateRunError } from "../store/job-runs.ts";
import { selectJob } from "../store/jobs.ts";
import { type Lane, selectAnsweredInbox } from "../store/outbox.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import type { LiveFeed } from "./live-feed.ts";
import { openMadeJobs } from "./made-jobs.ts";
import { openPlaceCheck } from "./place-check.ts";
import type { Admittance, PlatformRules } from "./platform-rules.ts";
import type { AdapterOf, Post } from "./posts.ts";
import type { RunRules } from "./run-rules.ts";
import { saySomething } from "./send-message.ts";

/** The gateway's side of jobs: what the job watcher and those who make jobs ask of it. */
export interface Runs extends JobDesk {
  /** Why a job may not run now: whoever made it may not speak any more; null when it may. */
  refusal(job: Job): string | null;
  /** Whether a job made with such a message may have things delivered anywhere, now; null for an operator's. */
  isAdmin(origin: JobOrigin | null): boolean;
  /** Writes to whoever made a job that it was paused. */
  tellPaused(tx: Tx, job: Job, why: string): void;
  /** Asks the platforms about the places of the configuration's jobs; once, when the adapters are connected. */
  checkConfigured(): void;
}

/** What runs by the clock, as the gateway tells it. */
export interface JobHooks {
  /** The folder of reports, absolute. */
  readonly folder: string;
  /** A slot of the job watcher is free again. */
  readonly onRunEnded: () => void;
  /** A job runs at this time now. */
  readonly onPlanned: (runAtMs: number) => void;
}

/** What that stands on. */
export interface RunsParts {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly adapters: readonly Adapter[];
  readonly adapterOf: AdapterOf;
  readonly rulesOf: (platform: string, account: string) => PlatformRules;
  readonly homeOf: (platform: string, account: string | null) => Lane | null;
  readonly mediaFolder: string;
  /** Which agent answers in a place. */
  readonly routeOf: (source: SessionSource) => string;
  readonly hasAgent: JobDesk["hasAgent"];
  readonly timeZone: string;
  readonly hooks: JobHooks | null;
  readonly feed: LiveFeed;
  /** Sends posts that were written outside a turn. */
  readonly send: (posts: readonly Post[]) => void;
  readonly takeWaiting: Runs["takeWaiting"];
}

/** Longest sum of what went wrong with one run, in UTF-16 units. */
const MAX_ERROR = 500;
const UNDELIVERED = "not delivered: ";

/** Opens it; `rules` is for the turns, `noteDead` for the delivery. */
export function openRuns(parts: RunsParts): Runs & {
  readonly rules: RunRules;
  readonly noteDead: (tx: Tx, outboxId: number, error: string) => void;
  /** Ends what is asked of platforms. */
  readonly stop: () => Promise<void>;
} {
  const { store, clock, events, adapters, adapterOf, mediaFolder } = parts;
  const platforms = [...new Set(adapters.map(({ platform }) => platform))];
  const world: TargetWorld = {
    platforms,
    accountsOf: (platform) => adapters.filter((it) => it.platform === platform).map(({ account }) => account),
    homeOf: parts.homeOf,
  };
  const admit = ({ source, roleIds, isPerson }: JobOrigin): Admittance =>
    parts.rulesOf(source.platform, source.account).admit({ ...NO_MESSAGE, source, roleIds, isPerson });
  const refusal = (job: Job) =>
    job.origin !== null && admit(job.origin).kind !== "admitted" ? "whoever made it may not speak here any more" : null;
  const isAdmin = (origin: JobOrigin | null) => {
    const admittance = origin === null ? null : admit(origin);
    return admittance === null || (admittance.kind === "admitted" && admittance.isAdmin);
  };

  /** Where whoever made a job is told about it; an operator, in a home channel. Nobody who was turned away is written to. */
  const placeToTell = (job: Job): Lane | null => {
    if (job.origin !== null) return refusal(job) === null ? placeOfJob(job) : null;
    const { targets } = resolveTargets(job.targets, null, world);
    const named = targets.flatMap((target) => (target.kind === "place" ? [target.place.platform] : []));
    for (const platform of [...named, ...platforms]) {
      const home = parts.homeOf(platform, null);
      if (home !== null) return home;
    }
    return null;
  };
  const tell = (tx: Tx, job: Job, text: string): readonly Post[] => {
    const place = placeToTell(job);
    return place === null ? [] : saySomething(tx, adapterOf, store.rules, { place, text, nowMs: clock.nowMs() });
  };
  const tellNow = (tx: Tx, job: Job, text: string) => {
    const posts = tell(tx, job, text);
    tx.afterCommit(() => parts.send(posts));
  };
  const stopping = new AbortController();
  const refusedPlaces = openPlaceCheck({ adapterOf, clock, stopping: stopping.signal });
  const published = (jobName: string) => parts.feed.publish({ kind: "job", jobName });
  const made = openMadeJobs({ store, clock, events, world, refusedPlaces, tell: tellNow, changed: published });
  const pausedWords = ({ name }: Job, why: string) =>
    `The job \`${name}\` was paused: ${why}. When that is mended, resume it.`;

  return {
    world,
    claims: { keys: store.rules.keys, routeOf: parts.routeOf, refusal },
    hasAgent: parts.hasAgent,
    timeZone: parts.timeZone,
    changed(jobName, nextRunAtMs) {
      if (nextRunAtMs !== null) parts.hooks?.onPlanned(nextRunAtMs);
      published(jobName);
    },
    refusal,
    isAdmin,
    takeWaiting: parts.takeWaiting,
    refusedPlaces,
    checkLater: made.checkLater,
    checkConfigured: made.checkConfigured,
    async stop() {
      stopping.abort();
      await made.stop();
    },
    tellPaused: (tx, job, why) => tellNow(tx, job, pausedWords(job, why)),
    noteDead(tx, outboxId, error) {
      const inboxId = selectAnsweredInbox(tx, outboxId);
      const run = inboxId === null ? null : selectRunOfInbox(tx, inboxId);
      const row = run === null ? null : selectJob(tx, run.job);
      if (run === null || row === null) return;
      updateRunError(tx, run.id, `${run.error ?? ""} ${UNDELIVERED}${error}`.trim().slice(0, MAX_ERROR));
      // One word for all the posts of a run.
      if (run.error?.includes(UNDELIVERED)) return;
      tellNow(tx, jobOf(row), `What the job \`${row.name}\` had to say was not delivered: ${error}`);
    },
    rules: {
      sessions: store.rules,
      adapterOf,
      world,
      isAdmin,
      folder: parts.hooks?.folder ?? join(mediaFolder, "..", "jobs"),
      keepFile: (name, mimeType, text) =>
        storeText({ folder: mediaFolder, name, mimeType, text, nowMs: clock.nowMs() }),
      onEnded: ({ job, state, pausedWhy }, ran) => {
        events.jobRunEnded({ job: job.name, state, ...ran });
        if (pausedWhy !== null) events.jobPaused({ job: job.name, reason: pausedWhy });
        parts.hooks?.onRunEnded();
        published(job.name);
      },
      tellPaused: (tx, { job, pausedWhy }) => tell(tx, job, pausedWords(job, pausedWhy ?? "")),
    },
  };
}

/** Rights are judged by who asks and where, not by what is said. */
const NO_MESSAGE: Pick<InboundMessage, "messageId" | "text" | "attachments"> = {
  messageId: "",
  text: "",
  attachments: [],
};

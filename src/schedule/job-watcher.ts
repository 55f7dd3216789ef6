import type { Clock } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import { selectInbox } from "../store/inbox.ts";
import { countOpenRuns, selectLastClaimAt, selectOpenRuns } from "../store/job-runs.ts";
import { selectDueJobs, selectJobs, selectNextJobAt } from "../store/jobs.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { planAnew } from "./change-job.ts";
import { type Claim, type ClaimRules, claimRun, type RunNow, runJobNow, type WaitingRun } from "./claim-run.ts";
import { MAX_SLEEP_MS, startDueLoop } from "./due-loop.ts";
import { endRun } from "./end-run.ts";
import { type Job, planOf } from "./job.ts";
import { GRACE_MS } from "./judge-due.ts";
import { nextDue } from "./next-due.ts";

/** Turns jobs whose time has come into inbox rows. */
export interface JobWatcher extends Disposable {
  /** A job runs at this time now: wakes the watcher earlier if need be. */
  expect(runAtMs: number): void;
  /** A run ended, or jobs changed: looks for what may run now. */
  poke(): void;
  /** Runs a job out of turn. */
  runNow(jobId: number): Promise<RunNow>;
}

/** What the watcher stands on. */
export interface JobWatcherOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly routeOf: ClaimRules["routeOf"];
  /** Why a job may not run now; null when it may. */
  readonly refusal: ClaimRules["refusal"];
  /** Most runs that wait or run at once: the rest of the turns is left to people. */
  readonly maxOpenRuns: number;
  /** Told of inbox rows once they are on disk: they want their turns. */
  readonly onWaiting: (runs: readonly WaitingRun[]) => void;
  /** Writes to whoever made a job, in the transaction, that it was paused. */
  readonly tellPaused: (tx: Tx, job: Job, why: string) => void;
}

/** Jobs looked at in one transaction. */
const PAGE = 50;
/** Open runs whose rows are looked after at once: as many as ever are open. */
const MAX_LOOKED_AFTER = 1_000;
/** A clock that shows so much less than before was set back: times computed from what it showed are too far away. */
const SET_BACK_MS = 60_000;
/** Longest time for which a clock that was set back keeps a job waiting: what is more was a wrong clock, now mended. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/**
 * Starts the watcher. It sleeps until the next `next_run_at_ms`, found by index, so that idle jobs cost nothing. At most `maxOpenRuns` runs are open at
 * once; what else is due stays due, in order, and is claimed as runs end: a thousand jobs of one minute never stand between a person and an answer.
 */
export function startJobWatcher(options: JobWatcherOptions): JobWatcher {
  const { store, clock, events } = options;
  const rules: ClaimRules = { keys: store.rules.keys, routeOf: options.routeOf, refusal: options.refusal };
  let awakeSinceMs = clock.nowMs();
  let lastLook = { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  let hasLooked = false;
  let isClosed = false;

  const look = async () => {
    const nowMs = clock.nowMs();
    const monotonicMs = clock.monotonicMs();
    if (!hasLooked) await startUp(nowMs);
    hasLooked = true;
    // Nobody looked for longer than the longest sleep: the machine slept, or the clock was put forward.
    if (nowMs - lastLook.wallMs > MAX_SLEEP_MS + GRACE_MS) awakeSinceMs = nowMs;
    const shownMs = lastLook.wallMs + (monotonicMs - lastLook.monotonicMs);
    lastLook = { wallMs: nowMs, monotonicMs };
    if (nowMs < shownMs - SET_BACK_MS) {
      awakeSinceMs = Math.min(awakeSinceMs, nowMs);
      await planAllAnew(nowMs);
    }
    await lookAfterOpenRuns(nowMs);
    await claimDue(nowMs);
  };

  const startUp = async (nowMs: number) => {
    const lastMs = selectLastClaimAt(store.reader);
    if (lastMs !== null && lastMs > nowMs + SET_BACK_MS) await planAllAnew(nowMs);
  };

  const claimDue = async (nowMs: number) => {
    let place = { afterMs: Number.MIN_SAFE_INTEGER, afterId: 0 };
    for (;;) {
      if (isClosed) return;
      const due = selectDueJobs(store.reader, { nowMs, ...place, limit: PAGE });
      const last = due.at(-1);
      if (last === undefined) return;
      let isFull = false;
      const claims = await store.write((tx) => {
        const made: Claim[] = [];
        isFull = false;
        for (const { id } of due) {
          isFull = countOpenRuns(tx) >= options.maxOpenRuns;
          if (isFull) break;
          const claim = claimRun(tx, id, rules, { nowMs, awakeSinceMs });
          if (claim.kind === "paused") options.tellPaused(tx, claim.job, claim.why);
          made.push(claim);
        }
        return made;
      });
      tell(claims);
      if (isFull) return;
      place = { afterMs: last.next_run_at_ms ?? nowMs, afterId: last.id };
    }
  };

  const tell = (claims: readonly Claim[]) => {
    const waiting: WaitingRun[] = [];
    for (const claim of claims) {
      switch (claim.kind) {
        case "claimed":
          waiting.push(claim);
          break;
        case "skipped":
          events.jobRunEnded({ job: claim.jobName, state: "skipped", durationMs: 0, error: claim.why });
          break;
        case "paused":
          events.jobPaused({ job: claim.job.name, reason: claim.why });
          break;
        case "left":
          break;
      }
    }
    if (waiting.length > 0) options.onWaiting(waiting);
  };

  /** Ends runs whose rows ended without them: given up after crashes, unreadable, or dropped by somebody. */
  const lookAfterOpenRuns = async (nowMs: number) => {
    const isOver = (inboxId: number | null) => {
      const row = inboxId === null ? null : selectInbox(store.reader, inboxId);
      return row === null || row.state === "done" || row.state === "dead";
    };
    const orphans = selectOpenRuns(store.reader, MAX_LOOKED_AFTER).filter((run) => isOver(run.inbox_id));
    if (orphans.length === 0) return;
    const ends = await store.write((tx) =>
      orphans.map((run) => {
        const row = run.inbox_id === null ? null : selectInbox(tx, run.inbox_id);
        const state = row?.state === "dead" ? "failed" : "skipped";
        const error = row?.error ?? "its row is gone";
        const end = endRun(tx, run, { state, error, usage: null, output: "", delivered: [] }, nowMs);
        if (end !== null && end.pausedWhy !== null) options.tellPaused(tx, end.job, end.pausedWhy);
        return { end, error };
      }),
    );
    for (const { end, error } of ends) {
      if (end === null) continue;
      events.jobRunEnded({ job: end.job.name, state: end.state, durationMs: 0, error });
      if (end.pausedWhy !== null) events.jobPaused({ job: end.job.name, reason: end.pausedWhy });
    }
  };

  /** The clock was set back: next times that were computed from a later time are brought near again. What ran already does not run once more. */
  const planAllAnew = async (nowMs: number) => {
    for (let after = 0; !isClosed; ) {
      const page = selectJobs(store.reader, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.id;
      await store.write((tx) => {
        for (const row of page) {
          if (row.state !== "active" || row.next_due_at_ms === null) continue;
          // Set back by an hour, it waits until the time it ran at has passed again; set back by more, that time was wrong.
          const ranMs = row.last_run_at_ms ?? 0;
          const fromMs = ranMs < nowMs + LONGEST_WAIT_MS ? Math.max(nowMs, ranMs) : nowMs;
          const dueAtMs = nextDue(planOf(row), fromMs);
          if (dueAtMs !== null && dueAtMs < row.next_due_at_ms) planAnew(tx, row, fromMs);
        }
      });
    }
  };

  const loop = startDueLoop({
    clock,
    nextDueAt: (nowMs) => selectNextJobAt(store.reader, nowMs),
    look,
    onError: (error) => events.storeWriteFailed({ error }),
  });
  return {
    expect: loop.expect,
    poke: loop.poke,
    async runNow(jobId) {
      const run = await store.write((tx) => runJobNow(tx, jobId, rules, clock.nowMs()));
      if (run.kind === "claimed") options.onWaiting([run]);
      return run;
    },
    [Symbol.dispose]() {
      isClosed = true;
      loop[Symbol.dispose]();
    },
  };
}

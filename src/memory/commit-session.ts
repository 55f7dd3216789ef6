import { endJob, type LifecycleJob, noteOnJob } from "../store/lifecycle-jobs.ts";
import { selectSessionRow } from "../store/sessions.ts";
import { type CommitClaim, type CommitRequest, claimCommit } from "./claim-commit.ts";
import type { CommitResult } from "./commit-result.ts";
import { finishCommit } from "./finish-commit.ts";
import { keepLease } from "./keep-lease.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { makeSummary, summaryInput } from "./make-summary.ts";
import { mergeArchives } from "./merge-archives.ts";
import { refreshRange } from "./refresh-session.ts";
import { retryLater } from "./retry-later.ts";

/** Archives the oldest part of a session's window: claims it, extracts what is pending in it, summarises it, and writes the archive. */
export async function commitSession(
  lifecycle: Lifecycle,
  sessionId: string,
  request: CommitRequest,
  signal?: AbortSignal,
): Promise<CommitResult> {
  const { store, clock, owner } = lifecycle;
  let claim: CommitClaim;
  try {
    claim = await store.write((tx) => claimCommit(tx, sessionId, request, { owner, nowMs: clock.nowMs() }));
  } catch (error) {
    lifecycle.failed("commit", error);
    return { ok: false, reason: "store_failed", jobId: null, error: textOf(error) };
  }
  if (claim.kind === "refused") return { ok: false, reason: claim.reason, jobId: null, error: null };
  return await runCommit(lifecycle, claim.job, signal);
}

/** Does what a claimed commit is for. It never rejects: a commit that fails is tried again later, five times at most. */
export async function runCommit(lifecycle: Lifecycle, job: LifecycleJob, given?: AbortSignal): Promise<CommitResult> {
  const { store, clock } = lifecycle;
  const startedMs = clock.monotonicMs();
  using lease = keepLease(lifecycle, job, given);
  try {
    await refreshFirst(lifecycle, job, lease.signal);
    const input = summaryInput(store.reader, job, lifecycle.maxSummaryTokens);
    const made = await makeSummary(lifecycle, job, input, lease.signal);
    if (made === null) {
      const error = "nothing smaller than the lines can be said of them";
      const nowMs = clock.nowMs();
      await store.write((tx) => endJob(tx, { id: job.id, state: "failed", finishedAtMs: nowMs, error }));
      return { ok: false, reason: "summarizer_failed", jobId: job.id, error };
    }
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    const result = await store.write((tx) => finishCommit(tx, job, made, { nowMs: clock.nowMs(), durationMs }));
    if (result.ok) await mergeAfter(lifecycle, job.session);
    return result;
  } catch (error) {
    return await giveBack(lifecycle, job, error, lease.signal.aborted);
  }
}

/** What is learned from lines is learned before they leave the window. Where that fails they stay marked as pending. */
async function refreshFirst(lifecycle: Lifecycle, job: LifecycleJob, signal: AbortSignal): Promise<void> {
  if (lifecycle.extract === null) return;
  const outcome = await refreshRange(lifecycle, job.session, { reason: "commit", throughSeq: job.toSeq }, signal);
  if (outcome.ok || outcome.reason === "nothing_pending") return;
  await lifecycle.store.write((tx) => noteOnJob(tx, job.id, `refresh: ${outcome.reason}`));
}

async function mergeAfter({ store, clock, failed }: Lifecycle, row: number): Promise<void> {
  try {
    await store.write((tx) => {
      const session = selectSessionRow(tx, row);
      if (session !== null) mergeArchives(tx, session, clock.nowMs());
    });
  } catch (error) {
    // The archive is written; the next commit of the session merges.
    failed("merge", error);
  }
}

async function giveBack(
  { store, clock, failed }: Lifecycle,
  job: LifecycleJob,
  error: unknown,
  wasStopped: boolean,
): Promise<CommitResult> {
  if (!wasStopped) failed("commit", error);
  const message = textOf(error);
  try {
    const isOpen = await store.write((tx) => retryLater(tx, job, { error: message, wasStopped }, clock.nowMs()));
    if (!isOpen) return { ok: false, reason: "stale", jobId: job.id, error: message };
  } catch (again) {
    // Nothing can be written just now: the lease will lapse, and the job is taken up then.
    failed("commit", again);
  }
  return { ok: false, reason: wasStopped ? "stale" : "store_failed", jobId: job.id, error: message };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

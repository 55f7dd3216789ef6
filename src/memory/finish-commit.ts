import { insertArchive, windowStart } from "../store/archives.ts";
import { writeEvent } from "../store/lifecycle-events.ts";
import { endJob, type LifecycleJob, selectJob } from "../store/lifecycle-jobs.ts";
import { selectSessionRow } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { changeWindow, withSummary } from "./change-window.ts";
import type { CommitResult } from "./commit-result.ts";
import type { MadeSummary } from "./make-summary.ts";
import { SUMMARY_PROMPT_VERSION } from "./prompts/summary-prompt.ts";

/** When a model is asked again for what was quoted because none answered. */
export const REDO_AFTER_MS = 10 * 60_000;

/**
 * Archives a job's lines: archive, counters, window state, event and the job's end, all in this transaction. Refused as `stale`, and the
 * job has failed, when its lease is not ours any more or its lines are not the beginning of the window.
 */
export function finishCommit(
  tx: Tx,
  claimed: LifecycleJob,
  made: MadeSummary,
  at: { readonly nowMs: number; readonly durationMs: number },
): CommitResult {
  const { nowMs, durationMs } = at;
  const job = selectJob(tx, claimed.id);
  const session = selectSessionRow(tx, claimed.session);
  const isOurs = job?.state === "running" && job.owner === claimed.owner && job.attempts === claimed.attempts;
  if (job === null || !isOurs) return stale(claimed.id, job?.error ?? "the job was cancelled, or is somebody else's");
  const isThere =
    session !== null &&
    session.end_reason !== "delete" &&
    windowStart(tx, job.session) === job.fromSeq - 1 &&
    session.message_count >= job.toSeq;
  if (!isThere || job.archiveId === null) {
    const error = "its lines are not the beginning of the window any more";
    endJob(tx, { id: job.id, state: "failed", finishedAtMs: nowMs, error });
    return stale(job.id, error);
  }
  const { summary, isExtractive, fused, tokensBefore, tokensAfter } = made;
  insertArchive(tx, {
    session: job.session,
    archiveId: job.archiveId,
    fromSeq: job.fromSeq,
    toSeq: job.toSeq,
    merges: 0,
    overview: summary.overview,
    abstract: summary.abstract,
    details: {
      decisions: [...summary.decisions],
      openLoops: [...summary.openLoops],
      constraints: [...summary.constraints],
      activeTask: summary.activeTask,
      strategy: job.strategy,
      isExtractive,
      promptVersion: isExtractive ? null : SUMMARY_PROMPT_VERSION,
      fused,
      tokensBefore,
      tokensAfter,
      durationMs,
    },
    redoAtMs: isExtractive && job.strategy !== "truncate" ? nowMs + REDO_AFTER_MS : null,
    createdAtMs: nowMs,
  });
  changeWindow(tx, session, (window) => ({
    ...window,
    version: window.version + 1,
    commitCount: window.commitCount + 1,
    cycle: window.cycle + 1,
    compactedAtMs: nowMs,
    token: null,
    state: withSummary(window.state, summary, nowMs),
  }));
  const result: CommitResult = {
    ok: true,
    jobId: job.id,
    archiveId: job.archiveId,
    from: job.fromSeq,
    to: job.toSeq,
    tokensBefore,
    tokensAfter,
    preserved: session.message_count - job.toSeq,
    removed: job.toSeq - job.fromSeq + 1,
    durationMs,
    summary: summary.abstract,
    isExtractive,
  };
  endJob(tx, { id: job.id, state: "done", finishedAtMs: nowMs, result, error: job.error });
  const { archiveId, from, to } = result;
  writeEvent(tx, {
    kind: "archive.written",
    sessionId: session.session_id,
    sessionKey: session.session_key,
    data: { archiveId, from, to, reason: job.reason, isExtractive },
    atMs: nowMs,
  });
  return result;
}

function stale(jobId: number, error: string): CommitResult {
  return { ok: false, reason: "stale", jobId, error };
}

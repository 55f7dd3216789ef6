import type { RunOutcome } from "../schedule/end-run.ts";
import { endRun } from "../schedule/end-run.ts";
import { jobOf } from "../schedule/job.ts";
import { isNothing, JOB_PLATFORM } from "../schedule/run-message.ts";
import { type JobRunRow, selectJobRun } from "../store/job-runs.ts";
import { type JobRow, selectJob } from "../store/jobs.ts";
import { updateEnded } from "../store/session-ends.ts";
import type { Tx } from "../store/writer.ts";
import type { BegunTurn } from "./begun-turn.ts";
import { deliverRun, type RunOutput } from "./deliver-run.ts";
import type { FinishedTurn } from "./finish-turn.ts";
import type { Post } from "./posts.ts";
import type { RunRules } from "./run-rules.ts";

/** Ends the run of a job in the transaction that ends its turn: delivers, notes how it went, and returns the posts. */
export function finishRun(
  tx: Tx,
  rules: RunRules,
  turn: BegunTurn,
  runId: number,
  { answer, stopReason }: Pick<FinishedTurn, "answer" | "stopReason">,
  nowMs: number,
): Post[] {
  const run = selectJobRun(tx, runId);
  const row = run === null ? null : selectJob(tx, run.job);
  const { session } = turn;
  // Its conversation is over with it: one that goes on has no thread of its own.
  if (session.source.platform === JOB_PLATFORM && session.source.threadId !== null) {
    updateEnded(tx, { row: session.row, endedAtMs: nowMs, reason: "archive", notice: null });
  }
  if (run === null || row === null) return [];
  const { failure, usage, text, files } = answer;
  const went = { usage, output: text };
  if (failure !== null) {
    const state = stopReason === "stopped" ? "skipped" : "failed";
    const error = stopReason === "interrupted" ? "a message interrupted it" : `${failure.reason}: ${failure.detail}`;
    return settle(tx, rules, run, { ...went, state, error, delivered: [] }, nowMs);
  }
  if (isNothing(text)) return settle(tx, rules, run, { ...went, state: "done", error: null, delivered: [] }, nowMs);
  if (text.trim() === "" && files.length === 0) {
    return settle(
      tx,
      rules,
      run,
      { ...went, state: "failed", error: "the agent gave no answer", delivered: [] },
      nowMs,
    );
  }
  return deliverAndSettle(tx, rules, row, run, { text, files, session: session.row }, usage, nowMs);
}

/** Delivers what came of a run and ends it: it failed only when it reached nobody. */
export function deliverAndSettle(
  tx: Tx,
  rules: RunRules,
  row: JobRow,
  run: JobRunRow,
  output: RunOutput,
  usage: RunOutcome["usage"],
  nowMs: number,
): Post[] {
  const { posts, delivered, problems } = deliverRun(tx, rules, jobOf(row), run, output, nowMs);
  const outcome: RunOutcome = {
    state: delivered.length === 0 ? "failed" : "done",
    error: problems.length === 0 ? null : problems.join(" "),
    usage,
    output: output.text,
    delivered,
  };
  return [...posts, ...settle(tx, rules, run, outcome, nowMs)];
}

/** Ends a run, with a word to whoever made its job when that pauses it; returns the posts. */
export function settle(tx: Tx, rules: RunRules, run: JobRunRow, outcome: RunOutcome, nowMs: number): Post[] {
  const end = endRun(tx, run, outcome, nowMs);
  if (end === null) return [];
  // A clock that was set back must not make time run backwards: a counter that is to go down throws.
  const durationMs = Math.max(0, nowMs - (run.started_at_ms ?? nowMs));
  tx.afterCommit(() => rules.onEnded(end, { durationMs, error: outcome.error }));
  return end.pausedWhy === null ? [] : [...rules.tellPaused(tx, end, nowMs)];
}

import { type KeyOptions, sessionKey } from "../session/key.ts";
import type { SessionSource } from "../session/source.ts";
import { insertInbox } from "../store/inbox.ts";
import { hasOpenRun, insertJobRun, selectJobRuns, updateRunInbox } from "../store/job-runs.ts";
import { claimJob, selectJob, updateLastRun } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import { setState } from "./change-job.ts";
import { type Job, jobOf } from "./job.ts";
import { judgeDue, nextOfPlan } from "./judge-due.ts";
import { jitterOf } from "./next-due.ts";
import { runMessage } from "./run-message.ts";

/** What runs are claimed by. */
export interface ClaimRules {
  readonly keys: KeyOptions;
  /** Which agent answers in a place. */
  readonly routeOf: (source: SessionSource) => string;
  /** Why a job may not run now: whoever made it may not speak any more; null when it may. */
  readonly refusal: (job: Job) => string | null;
}

/** An inbox row that was written for a run, and that the gateway has to be told of once it is on disk. */
export interface WaitingRun {
  readonly inboxId: number;
  readonly key: string;
  readonly jobName: string;
}

/** What became of a job whose time has come. */
export type Claim =
  | ({ readonly kind: "claimed" } & WaitingRun)
  /** This time is left out. */
  | { readonly kind: "skipped"; readonly jobName: string; readonly why: string }
  /** It is paused now. */
  | { readonly kind: "paused"; readonly job: Job; readonly why: string }
  /** Somebody else has it, it waits for its run before, or it is not due any more. */
  | { readonly kind: "left" };

/** Takes a job's due time in the caller's transaction: the run and one inbox row, or none. Two schedulers on one store take it once. */
export function claimRun(
  tx: Tx,
  id: number,
  rules: ClaimRules,
  now: { readonly nowMs: number; readonly awakeSinceMs: number },
): Claim {
  const { nowMs } = now;
  const row = selectJob(tx, id);
  if (row?.state !== "active" || row.next_run_at_ms === null || row.next_due_at_ms === null) return { kind: "left" };
  if (row.next_run_at_ms > nowMs) return { kind: "left" };
  const isBusy = hasOpenRun(tx, row.id);
  if (isBusy && row.overlap === "queue") return { kind: "left" };

  const job = jobOf(row);
  const due = { dueAtMs: row.next_due_at_ms, runAtMs: row.next_run_at_ms };
  const judged = judgeDue(job.plan, job.catchUp, due, now);
  const why = isBusy ? "the run before was not over" : judged.why;
  const runsForMs = isBusy ? null : judged.runsForMs;
  const before = selectJobRuns(tx, row.id, 1)[0];
  const attempt = before?.state === "failed" && before.due_at_ms === runsForMs ? before.attempt + 1 : 1;
  const counts = runsForMs !== null && attempt === 1 ? 1 : 0;
  const nextDueAtMs = nextOfPlan(job.plan, judged.nextAfterMs, job.maxRuns === null || job.runs + counts < job.maxRuns);
  const nextRunAtMs = nextDueAtMs === null ? null : nextDueAtMs + jitterOf(job.name, nextDueAtMs, job.plan.jitterMs);
  const lastRunAtMs = runsForMs === null ? job.lastRunAtMs : nowMs;
  if (!claimJob(tx, { id: row.id, runAtMs: due.runAtMs, nextDueAtMs, nextRunAtMs, counts, lastRunAtMs })) {
    return { kind: "left" };
  }
  if (runsForMs === null) {
    skip(tx, row.id, due.dueAtMs, why ?? "left out", nowMs);
    if (nextDueAtMs === null && !isBusy) setState(tx, row, "done", "its last time is over", null, nowMs);
    return { kind: "skipped", jobName: row.name, why: why ?? "left out" };
  }
  const refusal = rules.refusal(job);
  if (refusal !== null) {
    skip(tx, row.id, runsForMs, refusal, nowMs);
    setState(tx, row, "paused", refusal, null, nowMs);
    return { kind: "paused", job, why: refusal };
  }
  return { kind: "claimed", ...enqueue(tx, job, rules, { dueAtMs: runsForMs, attempt, byHand: false, nowMs }) };
}

/** A run that somebody asked for, or why there is none, in words for them. */
export type RunNow =
  | ({ readonly kind: "claimed" } & WaitingRun)
  | { readonly kind: "refused"; readonly message: string };

/** Runs a job out of turn, whatever its schedule and also when it is paused; tell the gateway of the row once it is on disk. */
export function runJobNow(tx: Tx, id: number, rules: ClaimRules, nowMs: number): RunNow {
  const row = selectJob(tx, id);
  if (row === null || row.state === "done") return { kind: "refused", message: "There is no such job." };
  if (hasOpenRun(tx, id)) return { kind: "refused", message: `${row.name} is running already.` };
  const job = jobOf(row);
  const refusal = rules.refusal(job);
  if (refusal !== null) return { kind: "refused", message: `${row.name}: ${refusal}.` };
  updateLastRun(tx, id, nowMs);
  return { kind: "claimed", ...enqueue(tx, job, rules, { dueAtMs: nowMs, attempt: 1, byHand: true, nowMs }) };
}

function enqueue(
  tx: Tx,
  job: Job,
  rules: ClaimRules,
  run: { readonly dueAtMs: number; readonly attempt: number; readonly byHand: boolean; readonly nowMs: number },
): WaitingRun {
  const { dueAtMs, attempt, nowMs } = run;
  const open = { state: "claimed", finishedAtMs: null, error: null } as const;
  const runId = insertJobRun(tx, { job: job.id, dueAtMs, attempt, byHand: run.byHand ? 1 : 0, nowMs, ...open });
  const message = runMessage(job, { runId, dueAtMs });
  const { source } = message;
  // In the chat's session the chat's agent answers.
  const agent = job.session === "origin" ? rules.routeOf(source) : (job.agent ?? "main");
  const key = sessionKey(source, rules.keys, agent);
  const inboxId = insertInbox(tx, {
    platform: source.platform,
    account: source.account,
    chatId: source.chatId,
    messageId: message.messageId,
    key,
    agent,
    payload: JSON.stringify(message),
    receivedAtMs: nowMs,
    mayReset: 1,
    begins: null,
  });
  if (inboxId === null) throw new Error("a run's number was used before");
  updateRunInbox(tx, runId, inboxId);
  return { inboxId, key, jobName: job.name };
}

function skip(tx: Tx, job: number, dueAtMs: number, error: string, nowMs: number): void {
  insertJobRun(tx, { job, dueAtMs, attempt: 1, byHand: 0, state: "skipped", nowMs, finishedAtMs: nowMs, error });
}

import type { InboundMessage } from "../message/message.ts";
import { finishInbox, type InboxRow } from "../store/inbox.ts";
import { markRunStarted, selectJobRun } from "../store/job-runs.ts";
import { selectJob } from "../store/jobs.ts";
import type { Tx } from "../store/writer.ts";
import type { Begun } from "./begun-turn.ts";
import { deliverAndSettle, settle } from "./finish-run.ts";
import type { Post } from "./posts.ts";
import type { RunRules } from "./run-rules.ts";

/** Begins the run of a job: a reminder is delivered and done right here; null where an agent is to be asked. */
export function beginRun(
  tx: Tx,
  rules: RunRules,
  row: InboxRow,
  message: InboundMessage,
  maxAttempts: number,
  nowMs: number,
): Begun | null {
  const run = message.job === undefined ? null : selectJobRun(tx, message.job.runId);
  const job = run === null ? null : selectJob(tx, run.job);
  if (run === null || job === null) {
    finish(tx, row, "done", "its job is gone", nowMs);
    return { kind: "gone" };
  }
  const without = { usage: null, output: "", delivered: [] } as const;
  if (job.state === "done") {
    finish(tx, row, "done", "its job was removed", nowMs);
    return answered(row, settle(tx, rules, run, { ...without, state: "skipped", error: "the job was removed" }, nowMs));
  }
  if (row.attempts >= maxAttempts) {
    const error = `interrupted ${row.attempts} times`;
    finish(tx, row, "dead", error, nowMs);
    const posts = settle(tx, rules, run, { ...without, state: "failed", error }, nowMs);
    return { kind: "dead", inboxId: row.id, attempts: row.attempts, posts };
  }
  markRunStarted(tx, run.id, null, nowMs);
  if (job.agent !== null) return null;
  finish(tx, row, "done", null, nowMs);
  const output = { text: job.text, files: [], session: null };
  return answered(row, deliverAndSettle(tx, rules, job, { ...run, started_at_ms: nowMs }, output, null, nowMs));
}

function finish(tx: Tx, row: InboxRow, state: "done" | "dead", error: string | null, nowMs: number): void {
  finishInbox(tx, { id: row.id, state, firstOutboxId: null, finishedAtMs: nowMs, error });
}

function answered(row: InboxRow, posts: readonly Post[]): Begun {
  const nothing = { sessionId: null, changes: [], effect: null } as const;
  return { kind: "answered", inboxId: row.id, key: row.session_key, posts, ...nothing };
}

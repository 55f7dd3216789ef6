import type { SessionChange } from "../command/command.ts";
import { readCommand } from "../command/read-command.ts";
import type { InboundMessage } from "../message/message.ts";
import { JOB_PLATFORM } from "../schedule/run-message.ts";
import { resetNotice } from "../session/reset-notice.ts";
import type { InboxRow } from "../store/inbox.ts";
import { resolveSession } from "../store/resolve-session.ts";
import { sessionOf } from "../store/session.ts";
import { selectLiveSession, updateMissingTitle } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { beginCommand } from "./begin-command.ts";
import type { BeginRules } from "./begin-rules.ts";
import { beginRun } from "./begin-run.ts";
import type { Begun } from "./begun-turn.ts";
import { enterTranscript, type Received } from "./enter-transcript.ts";
import { giveUp, leaveDeleted } from "./give-up.ts";
import { writePosts } from "./posts.ts";
import { resumeTurn } from "./resume-turn.ts";
import { speechTo } from "./speech-to.ts";

/**
 * Claims inbox rows and puts their messages where they belong, in the transaction of the caller: finds the session (resetting it when due),
 * stores each person's line once, and runs commands to their end. `received` is what the only row's payload says, where it is at hand.
 * Several rows become one turn; a row that was begun before, or is a command, comes alone.
 */
export function beginTurn(
  tx: Tx,
  rules: BeginRules,
  rows: readonly InboxRow[],
  received: InboundMessage | null,
  nowMs: number,
): Begun {
  const open = rows.flatMap((row): readonly Received[] =>
    row.payload === null || row.state === "done" || row.state === "dead"
      ? []
      : [{ row, message: received ?? (JSON.parse(row.payload) as InboundMessage) }],
  );
  const [first] = open;
  if (first === undefined) return { kind: "gone" };
  const { row, message } = first;
  if (open.length > 1) return beginMessages(tx, rules, first, open, nowMs);
  if (message.job !== undefined) {
    const run = beginRun(tx, rules.runs, row, message, rules.maxAttempts, nowMs);
    if (run !== null) return run;
  }
  if (row.attempts >= rules.maxAttempts) return giveUp(tx, rules, row, message, nowMs);
  if (row.session !== null && row.user_seq !== null) {
    const earlier = { session: row.session, userSeq: row.user_seq };
    return resumeTurn(tx, rules.sessions, row, message, earlier) ?? leaveDeleted(tx, rules, row, message, nowMs);
  }
  const command = message.job === undefined ? readCommand(message.text) : null;
  return command === null
    ? beginMessages(tx, rules, first, open, nowMs)
    : beginCommand(tx, rules, first, command, nowMs);
}

function beginMessages(
  tx: Tx,
  rules: BeginRules,
  { row, message }: Received,
  received: readonly Received[],
  nowMs: number,
): Begun {
  const isJob = message.job !== undefined;
  // A job knows only the names of when it was made.
  const known = isJob ? selectLiveSession(tx, row.session_key) : null;
  const { session, created, reset } = resolveSession(tx, rules.sessions, {
    key: row.session_key,
    agentId: row.agent,
    source: known === null ? message.source : sessionOf(known).source,
    atMs: row.received_at_ms,
    mayReset: row.may_reset === 1,
    // In a session of jobs nobody is ever told.
    ...(isJob && message.source.platform !== JOB_PLATFORM ? { isSilent: true } : {}),
  });
  // What it begins with are our own words about the job.
  if (created && message.job !== undefined) updateMissingTitle(tx, session.id, message.job.jobName);
  const notice =
    reset?.tell === true && !isJob
      ? writePosts(tx, rules.adapterOf, {
          ...speechTo(row, message, nowMs),
          session: session.id,
          kind: "notice",
          text: resetNotice(reset.reason, row.received_at_ms - reset.previous.last_active_ms),
        })
      : [];
  const begun = enterTranscript(tx, rules.sessions, session, received, nowMs);
  const changes: SessionChange[] = [];
  // What the watcher ended was told of when it did.
  if (reset?.endedNow === true) {
    changes.push({ kind: "ended", sessionId: reset.previous.session_id, reason: reset.reason });
  }
  if (created) changes.push({ kind: "started", sessionId: session.session_id });
  return { ...begun, posts: notice, changes };
}

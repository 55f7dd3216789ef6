import type { Activity, Command, CommandCall, ControlEffect, KnownAgent, SessionChange } from "../command/command.ts";
import { readCommand } from "../command/read-command.ts";
import { runCommand } from "../command/run-command.ts";
import type { AttachmentReference, InboundMessage } from "../message/message.ts";
import { JOB_PLATFORM } from "../schedule/run-message.ts";
import { resetNotice } from "../session/reset-notice.ts";
import { leaveGrowing } from "../store/growing-posts.ts";
import { claimInbox, finishInbox, type InboxRow, updateWaitingPayload } from "../store/inbox.ts";
import { resolveSession, type SessionRules } from "../store/resolve-session.ts";
import { type Session, sessionOf } from "../store/session.ts";
import { selectLiveSession, updateMissingTitle } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { beginRun } from "./begin-run.ts";
import { enterTranscript, type Received } from "./enter-transcript.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";
import { resumeTurn } from "./resume-turn.ts";
import type { RunRules } from "./run-rules.ts";

/** What a turn needs of the gateway to begin. */
export interface BeginRules {
  readonly sessions: SessionRules;
  readonly commands: readonly Command[];
  readonly adapterOf: AdapterOf;
  /** Whether whoever sent a message may run admin commands. */
  readonly isAdmin: (message: InboundMessage) => boolean;
  /** What goes on in a conversation, for commands that say so or change it. */
  readonly activityOf: (tx: Tx, asking: { readonly key: string; readonly inboxId: number }) => Activity;
  readonly agents: readonly KnownAgent[];
  readonly queueMode: string;
  readonly choices: CommandCall["choices"];
  readonly keepFile: CommandCall["keepFile"];
  readonly timeZone: string;
  readonly version: string;
  readonly runs: RunRules;
  readonly desk: CommandCall["desk"];
  /** A row that was begun this often is given up: whatever it holds, it ends the process. */
  readonly maxAttempts: number;
}

/** What a turn needs to know of its session. */
export type TurnSession = Pick<
  Session,
  "row" | "sessionId" | "agentId" | "source" | "answeredBy" | "model" | "messageCount" | "nextResetAtMs"
>;

/** A turn whose rows are claimed and whose messages are in the transcript: the agent can be asked. */
export interface BegunTurn {
  readonly kind: "agent";
  /** The last of its rows: the one it is known by. */
  readonly inboxId: number;
  /** All of its rows, in order of arrival. */
  readonly inboxIds: readonly number[];
  readonly attempt: number;
  readonly key: string;
  readonly session: TurnSession;
  /** The last of its messages: where the answer goes. */
  readonly message: InboundMessage;
  /** All of its messages, in order of arrival. */
  readonly messages: readonly InboundMessage[];
  /** The line of its first message: what came before it is history. */
  readonly userSeq: number;
  /** What the agent reads: every message, in shared sessions with `[name] ` before it. */
  readonly agentText: string;
  /** What came with the messages, by row. */
  readonly attachments: readonly { readonly inboxId: number; readonly references: readonly AttachmentReference[] }[];
  /** The first post an earlier attempt had begun to show its answer in; null when there is none. */
  readonly firstOutboxId: number | null;
  /** Posts written at the beginning: a notice, a command's reply. */
  readonly posts: readonly Post[];
  readonly changes: readonly SessionChange[];
  /** What a command did to its conversation; null for nothing. */
  readonly effect: ControlEffect | null;
}

/** What became of a row that was to begin. */
export type Begun =
  | BegunTurn
  /** It was a command and is done. */
  | {
      readonly kind: "answered";
      readonly inboxId: number;
      readonly key: string;
      readonly sessionId: string | null;
      readonly posts: readonly Post[];
      readonly changes: readonly SessionChange[];
      readonly effect: ControlEffect | null;
    }
  /** It was begun too often and is a dead letter now. */
  | { readonly kind: "dead"; readonly inboxId: number; readonly attempts: number; readonly posts: readonly Post[] }
  /** It was finished already. */
  | { readonly kind: "gone" };

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
  if (command === null) return beginMessages(tx, rules, first, open, nowMs);

  const result = runCommand(rules.commands, command, {
    tx,
    rules: rules.sessions,
    key: row.session_key,
    agentId: row.agent,
    message,
    isAdmin: rules.isAdmin(message),
    receivedAtMs: row.received_at_ms,
    activity: rules.activityOf(tx, { key: row.session_key, inboxId: row.id }),
    agents: rules.agents,
    queueMode: rules.queueMode,
    choices: rules.choices,
    keepFile: rules.keepFile,
    desk: rules.desk,
    timeZone: rules.timeZone,
    version: rules.version,
  });
  const effect = result.effect ?? null;
  const live = selectLiveSession(tx, row.session_key);
  const posts = writePosts(tx, rules.adapterOf, {
    ...speechTo(row, message, nowMs),
    session: live?.id ?? null,
    kind: "command",
    text: result.reply,
    ...(result.isPrivate === true ? privateTo(message) : {}),
    ...(result.buttons === undefined ? {} : { buttons: result.buttons }),
    ...(result.files === undefined ? {} : { files: result.files }),
  });
  for (const { place, text } of result.notify ?? []) {
    posts.push(
      ...writePosts(tx, rules.adapterOf, {
        place,
        text,
        inboxId: null,
        session: null,
        kind: "message",
        replyTo: null,
        nowMs,
      }),
    );
  }
  if (result.repeats !== undefined && live !== null) {
    const { userSeq, attachments } = result.repeats;
    const repeated = { ...message, attachments };
    // An attempt that dies is gone on with from the payload.
    if (attachments.length > 0) updateWaitingPayload(tx, row.id, JSON.stringify(repeated));
    const begun = resumeTurn(tx, rules.sessions, row, repeated, { session: live.id, userSeq });
    if (begun !== null) return { ...begun, posts, changes: result.changes, effect };
  }
  if (result.turnText !== null && live !== null) {
    const begun = enterTranscript(
      tx,
      rules.sessions,
      live,
      [{ row, message: { ...message, text: result.turnText } }],
      nowMs,
    );
    return { ...begun, posts, changes: result.changes, effect };
  }
  claimInbox(tx, row.id, live?.id ?? null, null);
  finishInbox(tx, {
    id: row.id,
    state: "done",
    firstOutboxId: posts[0]?.outboxId ?? null,
    finishedAtMs: nowMs,
    error: null,
  });
  return {
    kind: "answered",
    inboxId: row.id,
    key: row.session_key,
    sessionId: live?.session_id ?? null,
    posts,
    changes: result.changes,
    effect,
  };
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

function giveUp(tx: Tx, rules: BeginRules, row: InboxRow, message: InboundMessage, nowMs: number): Begun {
  if (row.first_outbox_id !== null) leaveGrowing(tx, { inboxId: row.id, from: row.first_outbox_id, nowMs });
  const posts = writePosts(tx, rules.adapterOf, {
    ...speechTo(row, message, nowMs),
    session: row.session,
    kind: "failure",
    text: `I could not answer this message: I was interrupted ${row.attempts} times while working on it. It is kept for the operator; please send it again, or in another form.`,
  });
  finishInbox(tx, {
    id: row.id,
    state: "dead",
    firstOutboxId: posts[0]?.outboxId ?? null,
    finishedAtMs: nowMs,
    error: `interrupted ${row.attempts} times`,
  });
  return { kind: "dead", inboxId: row.id, attempts: row.attempts, posts };
}

/** Its session was deleted after an attempt that died: there is nothing left to answer from. */
function leaveDeleted(tx: Tx, rules: BeginRules, row: InboxRow, message: InboundMessage, nowMs: number): Begun {
  if (row.first_outbox_id !== null) leaveGrowing(tx, { inboxId: row.id, from: row.first_outbox_id, nowMs });
  const text = "I could not answer this message: the conversation was deleted meanwhile. Please send it again.";
  const speech = { ...speechTo(row, message, nowMs), session: null, kind: "failure", text } as const;
  // What a job was to do is told of by its run.
  const posts = message.job === undefined ? writePosts(tx, rules.adapterOf, speech) : [];
  const firstOutboxId = posts[0]?.outboxId ?? null;
  finishInbox(tx, { id: row.id, state: "done", firstOutboxId, finishedAtMs: nowMs, error: "session deleted" });
  const { session_key: key } = row;
  return { kind: "answered", inboxId: row.id, key, sessionId: null, posts, changes: [], effect: null };
}

function speechTo(row: InboxRow, message: InboundMessage, nowMs: number) {
  const { platform, account, chatId, threadId } = message.source;
  return {
    place: { platform, account, chatId, threadId },
    inboxId: row.id,
    replyTo: message.messageId,
    nowMs,
  };
}

/** For whoever gave a command alone, where others would see the answer, too. */
function privateTo({ source, messageId, isOpenPress }: InboundMessage) {
  const { chatType, userId } = source;
  if (chatType === "dm" || userId === null || isOpenPress === true) return {};
  return { privateTo: { userId, messageId } };
}

import type { Command, SessionChange } from "../command/command.ts";
import { readCommand } from "../command/read-command.ts";
import { runCommand } from "../command/run-command.ts";
import type { InboundMessage } from "../message/message.ts";
import { isSharedSession } from "../session/key.ts";
import { resetNotice } from "../session/reset-notice.ts";
import { participantOf } from "../session/source.ts";
import { speakerPrefix } from "../session/speaker-prefix.ts";
import { appendMessage } from "../store/append-message.ts";
import { claimInbox, finishInbox, type InboxRow } from "../store/inbox.ts";
import { selectMessagesBefore, selectSeqOfMessage } from "../store/messages.ts";
import { resolveSession, type SessionRules, touchSession } from "../store/resolve-session.ts";
import { type Session, type SessionRow, sessionOf } from "../store/session.ts";
import { selectLiveSession, selectSessionRow } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";

/** What a turn needs of the gateway to begin. */
export interface BeginRules {
  readonly sessions: SessionRules;
  readonly commands: readonly Command[];
  readonly adapterOf: AdapterOf;
  readonly timeZone: string;
  readonly version: string;
  /** A row that was begun this often is given up: whatever it holds, it ends the process. */
  readonly maxAttempts: number;
}

/** A turn whose row is claimed and whose message is in the transcript: the agent can be asked. */
export interface BegunTurn {
  readonly kind: "agent";
  readonly inboxId: number;
  readonly attempt: number;
  readonly key: string;
  readonly session: Session;
  readonly message: InboundMessage;
  /** The line of the person's message. */
  readonly userSeq: number;
  /** What the agent reads: in shared sessions with `[name] ` before it. */
  readonly agentText: string;
  /** Posts written at the beginning: a notice, a command's reply. */
  readonly posts: readonly Post[];
  readonly changes: readonly SessionChange[];
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
    }
  /** It was begun too often and is a dead letter now. */
  | { readonly kind: "dead"; readonly inboxId: number; readonly attempts: number; readonly posts: readonly Post[] }
  /** It was finished already. */
  | { readonly kind: "gone" };

/**
 * Claims an inbox row and puts its message where it belongs, in the transaction of the caller: finds the session (resetting it when due),
 * stores the person's line once, and runs commands to their end. `received` is what the row's payload says, where it is at hand.
 */
export function beginTurn(
  tx: Tx,
  rules: BeginRules,
  row: InboxRow,
  received: InboundMessage | null,
  nowMs: number,
): Begun {
  if (row.payload === null || row.state === "done" || row.state === "dead") return { kind: "gone" };
  const message = received ?? (JSON.parse(row.payload) as InboundMessage);
  if (row.attempts >= rules.maxAttempts) return giveUp(tx, rules, row, message, nowMs);
  if (row.session !== null && row.user_seq !== null)
    return resumeTurn(tx, rules, row, message, { session: row.session, userSeq: row.user_seq, nowMs });
  const command = readCommand(message.text);
  if (command === null) return beginMessage(tx, rules, row, message, nowMs);

  const result = runCommand(rules.commands, command, {
    tx,
    rules: rules.sessions,
    key: row.session_key,
    agentId: row.agent,
    message,
    receivedAtMs: row.received_at_ms,
    timeZone: rules.timeZone,
    version: rules.version,
  });
  const live = selectLiveSession(tx, row.session_key);
  const posts = writePosts(tx, rules.adapterOf, {
    ...speechTo(row, message, nowMs),
    session: live?.id ?? null,
    kind: "command",
    text: result.reply,
  });
  if (result.turnText !== null && live !== null) {
    const begun = enterTranscript(tx, rules, row, { ...message, text: result.turnText }, live);
    return { ...begun, posts, changes: result.changes };
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
  };
}

function beginMessage(tx: Tx, rules: BeginRules, row: InboxRow, message: InboundMessage, nowMs: number): Begun {
  const { session, created, reset } = resolveSession(tx, rules.sessions, {
    key: row.session_key,
    agentId: row.agent,
    source: message.source,
    atMs: row.received_at_ms,
    mayReset: row.may_reset === 1,
  });
  const notice =
    reset?.tell === true
      ? writePosts(tx, rules.adapterOf, {
          ...speechTo(row, message, nowMs),
          session: session.id,
          kind: "notice",
          text: resetNotice(reset.reason, row.received_at_ms - reset.previous.last_active_ms),
        })
      : [];
  const begun = enterTranscript(tx, rules, row, message, session);
  const changes: SessionChange[] = [];
  // What the watcher ended was told of when it did.
  if (reset?.endedNow === true) {
    changes.push({ kind: "ended", sessionId: reset.previous.session_id, reason: reset.reason });
  }
  if (created) changes.push({ kind: "started", sessionId: session.session_id });
  return { ...begun, posts: notice, changes };
}

/** Stores the person's line and claims the row for this session. */
function enterTranscript(
  tx: Tx,
  rules: BeginRules,
  row: InboxRow,
  message: InboundMessage,
  session: SessionRow,
): BegunTurn {
  const { source } = message;
  const seq = session.message_count + 1;
  const isNew = appendMessage(tx, { row: session.id, sessionId: session.session_id }, seq, {
    role: "user",
    content: message.text,
    atMs: row.received_at_ms,
    messageId: message.messageId,
    senderId: participantOf(source),
    senderName: source.userName,
    extra: message.attachments.length === 0 ? null : { attachments: message.attachments },
  });
  const count = isNew ? seq : session.message_count;
  const nextResetAtMs = touchSession(tx, rules.sessions, session, row.received_at_ms, count);
  const userSeq = isNew ? seq : (selectSeqOfMessage(tx, session.id, message.messageId) ?? session.message_count);
  claimInbox(tx, row.id, session.id, userSeq);
  return {
    kind: "agent",
    inboxId: row.id,
    attempt: row.attempts + 1,
    key: row.session_key,
    session: sessionOf(
      {
        ...session,
        message_count: count,
        last_active_ms: row.received_at_ms,
        next_reset_at_ms: nextResetAtMs,
      },
      source,
    ),
    message,
    userSeq,
    agentText: agentTextOf(rules.sessions, message),
    posts: [],
    changes: [],
  };
}

/** An earlier attempt stored the line and died: the turn goes on from there, whatever the policy says by now. */
function resumeTurn(
  tx: Tx,
  rules: BeginRules,
  row: InboxRow,
  message: InboundMessage,
  earlier: { readonly session: number; readonly userSeq: number; readonly nowMs: number },
): Begun {
  const { userSeq, nowMs } = earlier;
  const session = selectSessionRow(tx, earlier.session);
  const line = selectMessagesBefore(tx, earlier.session, userSeq + 1, 1)[0];
  if (session === null || line === undefined || session.end_reason === "delete") {
    finishInbox(tx, { id: row.id, state: "done", firstOutboxId: null, finishedAtMs: nowMs, error: "session deleted" });
    return { kind: "gone" };
  }
  claimInbox(tx, row.id, session.id, userSeq);
  const spoken = { ...message, text: line.content };
  return {
    kind: "agent",
    inboxId: row.id,
    attempt: row.attempts + 1,
    key: row.session_key,
    session: sessionOf(session),
    message: spoken,
    userSeq,
    agentText: agentTextOf(rules.sessions, spoken),
    posts: [],
    changes: [],
  };
}

function giveUp(tx: Tx, rules: BeginRules, row: InboxRow, message: InboundMessage, nowMs: number): Begun {
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

function agentTextOf(rules: SessionRules, message: InboundMessage): string {
  if (!isSharedSession(message.source, rules.keys)) return message.text;
  return speakerPrefix(message.source.userName) + message.text;
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

import type { InboundMessage } from "../message/message.ts";
import { JOB_PLATFORM } from "../schedule/run-message.ts";
import { isSharedSession } from "../session/key.ts";
import type { SessionId } from "../session/session-id.ts";
import { participantOf } from "../session/source.ts";
import { appendMessage } from "../store/append-message.ts";
import { claimInbox, type InboxRow } from "../store/inbox.ts";
import { selectSeqOfMessage } from "../store/messages.ts";
import { type OverheardLine, takeOverheard } from "../store/overheard.ts";
import { type SessionRules, touchSession } from "../store/resolve-session.ts";
import type { StandingRow } from "../store/session.ts";
import { updateMessageCount } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import { agentText, spokenExtra } from "./agent-text.ts";
import type { BegunTurn } from "./begun-turn.ts";

/** An inbox row and what its payload says. */
export interface Received {
  readonly row: InboxRow;
  readonly message: InboundMessage;
}

/** What was said longer ago is no context any more. */
const CONTEXT_MS = 24 * 3_600_000;

/** Stores what people said, one line a message, with what others had said before it, and claims the rows for this session. */
export function enterTranscript(
  tx: Tx,
  rules: SessionRules,
  session: StandingRow,
  received: readonly Received[],
  nowMs: number,
): BegunTurn {
  let count = session.message_count;
  let firstSeq = Number.POSITIVE_INFINITY;
  let last = received[0];
  let isClaimed = false;
  const texts: string[] = [];
  for (const { row, message } of received) {
    const { job } = message;
    const heard = texts.length === 0 && job === undefined ? overheardBefore(tx, message, nowMs) : [];
    const extra = job === undefined ? spokenExtra(message, heard) : { job: job.jobName };
    // In a person's session a job speaks in its own name.
    const senderName = job === undefined ? message.source.userName : `job ${job.jobName}`;
    const line = { content: message.text, senderName, extra };
    const isNew = appendMessage(tx, { row: session.id, sessionId: session.session_id }, count + 1, {
      ...line,
      role: "user",
      atMs: row.received_at_ms,
      messageId: message.messageId,
      senderId: job === undefined ? participantOf(message.source) : null,
    });
    if (isNew) count += 1;
    const seq = isNew ? count : (selectSeqOfMessage(tx, session.id, message.messageId) ?? count);
    isClaimed = row.session === session.id && row.user_seq === seq;
    if (!isClaimed) claimInbox(tx, row.id, session.id, seq);
    firstSeq = Math.min(firstSeq, seq);
    texts.push(agentText(line, isSharedSession(message.source, rules.keys)));
    last = { row, message };
  }
  if (last === undefined) throw new RangeError("a turn needs a message");
  const { row, message } = last;
  const nextResetAtMs = touched(tx, rules, session, last, count);
  return {
    kind: "agent",
    inboxId: row.id,
    inboxIds: received.length === 1 ? [row.id] : received.map((each) => each.row.id),
    attempt: isClaimed ? row.attempts : row.attempts + 1,
    key: row.session_key,
    session: {
      row: session.id,
      sessionId: session.session_id as SessionId,
      agentId: session.agent,
      source: message.source,
      answeredBy: session.answered_by,
      model: session.model,
      messageCount: count,
      nextResetAtMs,
    },
    message,
    messages: received.map((each) => each.message),
    userSeq: firstSeq,
    agentText: texts.join("\n\n"),
    attachments: received.flatMap((each) =>
      each.message.attachments.length === 0 ? [] : [{ inboxId: each.row.id, references: each.message.attachments }],
    ),
    firstOutboxId: null,
    posts: [],
    changes: [],
    effect: null,
  };
}

/** Keeps a session alive, unless it was only a job that spoke in it. Returns when it is due. */
function touched(
  tx: Tx,
  rules: SessionRules,
  session: StandingRow,
  { row, message }: Received,
  count: number,
): number | null {
  if (message.job === undefined || message.source.platform === JOB_PLATFORM) {
    return touchSession(tx, rules, session, row.received_at_ms, count);
  }
  updateMessageCount(tx, session.id, count);
  return session.next_reset_at_ms;
}

/** Only places with several people have anything to overhear. */
function overheardBefore(tx: Tx, { source, messageId }: InboundMessage, nowMs: number): readonly OverheardLine[] {
  if (source.chatType === "dm") return [];
  const here = takeOverheard(tx, source, nowMs - CONTEXT_MS);
  // A mention that opens a thread was said in the channel: so was what went before it.
  if (source.threadId !== messageId) return here;
  const { platform, account, chatId, parentChatId } = source;
  const channel = { platform, account, chatId: parentChatId ?? chatId, threadId: null };
  return [...takeOverheard(tx, channel, nowMs - CONTEXT_MS), ...here];
}

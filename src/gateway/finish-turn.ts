import { participantOf } from "../session/source.ts";
import { appendMessage } from "../store/append-message.ts";
import { claimInbox, finishInbox } from "../store/inbox.ts";
import { selectSeqOfMessage } from "../store/messages.ts";
import { recordUsage } from "../store/record-usage.ts";
import { takeNextSeq } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import type { StopReason } from "./active-turns.ts";
import { spokenExtra } from "./agent-text.ts";
import type { SentElsewhere } from "./agent-tools.ts";
import type { BeginRules } from "./begin-rules.ts";
import type { BegunTurn } from "./begun-turn.ts";
import { completePosts } from "./complete-posts.ts";
import type { Received } from "./enter-transcript.ts";
import { finishRun } from "./finish-run.ts";
import { noteDelivered } from "./note-delivered.ts";
import { type Post, writePosts } from "./posts.ts";
import type { Answer } from "./run-agent.ts";

/** How a turn came out. */
export interface FinishedTurn {
  readonly answer: Answer;
  /** The outbox rows that show the beginning of the answer already. */
  readonly grown: readonly number[];
  /** Messages the agent was told while it worked. */
  readonly steered: readonly Received[];
  /** What it says in other places. */
  readonly sends: readonly SentElsewhere[];
  /** Who ended it before its time; null when it came to its end, or failed by itself. */
  readonly stopReason: StopReason | null;
}

/** Stands under an answer that somebody ended: it is not the agent's last word. */
const STOPPED_MARK = "*(stopped)*";
/** Longest reason kept with a row, in UTF-16 units: enough to tell what happened. */
const MAX_ERROR = 500;

/** Ends a turn in one transaction: the lines, what goes out, the usage, and "done" stand or fall together. Returns the posts. */
export function finishTurn(
  tx: Tx,
  { adapterOf, runs, sessions }: Pick<BeginRules, "adapterOf" | "runs" | "sessions">,
  turn: BegunTurn,
  finished: FinishedTurn,
  nowMs: number,
): Post[] {
  const { answer, grown, sends, stopReason } = finished;
  const { source } = turn.message;
  const { row, sessionId } = turn.session;
  const entered = enterSteered(tx, turn, finished.steered);
  // A session deleted meanwhile takes nothing more; its person is answered all the same.
  const seq = answer.text === "" ? null : takeNextSeq(tx, row, turn.session.messageCount + entered + 1);
  if (seq !== null) {
    appendMessage(tx, { row, sessionId }, seq, {
      role: "assistant",
      content: answer.text,
      atMs: nowMs,
      messageId: null,
      senderId: null,
      senderName: null,
      extra: answer.failure === null ? null : { incomplete: stopReason ?? answer.failure.reason },
    });
  }
  if (answer.usage !== null && (seq !== null || answer.text === "")) recordUsage(tx, row, answer.usage);
  const speech = {
    place: { platform: source.platform, account: source.account, chatId: source.chatId, threadId: source.threadId },
    inboxId: turn.inboxId,
    session: row,
    replyTo: turn.message.messageId,
    nowMs,
  };
  const { job } = turn.message;
  const isStopped = stopReason !== null && answer.failure !== null;
  const isShown = answer.posted !== "" || grown.length > 0;
  const text = isStopped && isShown ? `${answer.posted}\n\n${STOPPED_MARK}`.trimStart() : answer.posted;
  const reply = { ...speech, kind: "reply", text, files: answer.files } as const;
  const posts: Post[] = [];
  if (job !== undefined) posts.push(...finishRun(tx, runs, turn, job.runId, finished, nowMs));
  else {
    posts.push(...(grown.length === 0 ? writePosts(tx, adapterOf, reply) : completePosts(tx, adapterOf, reply, grown)));
    posts.push(...writePosts(tx, adapterOf, { ...speech, kind: "failure", text: apologyOf(answer, isStopped) }));
  }
  const error =
    answer.failure === null ? null : `${answer.failure.reason}: ${answer.failure.detail}`.slice(0, MAX_ERROR);
  const firstOutboxId = job === undefined ? (posts[0]?.outboxId ?? null) : null;
  for (const { row: told } of finished.steered) {
    finishInbox(tx, { id: told.id, state: "done", firstOutboxId, finishedAtMs: nowMs, error });
  }
  for (const id of turn.inboxIds) finishInbox(tx, { id, state: "done", firstOutboxId, finishedAtMs: nowMs, error });
  for (const sent of sends) {
    const elsewhere = { inboxId: null, session: null, kind: "message", replyTo: null, nowMs } as const;
    posts.push(...writePosts(tx, adapterOf, { ...elsewhere, ...sent }));
    noteDelivered(tx, sessions, { ...sent, except: null, extra: { sent: true }, nowMs });
  }
  return posts;
}

/** What is said besides the answer: why there is none, or not all of it. Whoever stopped a turn knows. */
function apologyOf(answer: Answer, isStopped: boolean): string {
  if (isStopped) return "";
  const isEmpty = answer.text.trim() === "" && answer.files.length === 0;
  return answer.failure?.message ?? (isEmpty ? "The agent gave no answer." : "");
}

/** Stores the lines of messages that the agent was told while it worked, before its answer; returns how many. */
function enterSteered(tx: Tx, turn: BegunTurn, steered: readonly Received[]): number {
  const { row, sessionId } = turn.session;
  let entered = 0;
  for (const { row: told, message } of steered) {
    const known = selectSeqOfMessage(tx, row, message.messageId);
    const seq = known ?? takeNextSeq(tx, row, turn.session.messageCount + entered + 1);
    if (seq === null) return entered;
    if (known === null) entered += 1;
    appendMessage(tx, { row, sessionId }, seq, {
      role: "user",
      content: message.text,
      atMs: told.received_at_ms,
      messageId: message.messageId,
      senderId: participantOf(message.source),
      senderName: message.source.userName,
      extra: spokenExtra(message, []),
    });
    claimInbox(tx, told.id, row, seq);
  }
  return entered;
}

import { appendMessage } from "../store/append-message.ts";
import { finishInbox } from "../store/inbox.ts";
import { recordUsage } from "../store/record-usage.ts";
import { selectTranscriptEnd, updateMessageCount } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import type { BegunTurn } from "./begin-turn.ts";
import { type AdapterOf, type Post, writePosts } from "./posts.ts";
import type { Answer } from "./run-agent.ts";

/** Ends a turn in one transaction: the agent's line, what goes out, the usage, and "done" stand or fall together. Returns the posts. */
export function finishTurn(tx: Tx, adapterOf: AdapterOf, turn: BegunTurn, answer: Answer, nowMs: number): Post[] {
  const { source } = turn.message;
  const { row, sessionId } = turn.session;
  const session = selectTranscriptEnd(tx, row);
  // A session deleted meanwhile takes nothing more; its person is answered all the same.
  if (session !== null && session.end_reason !== "delete") {
    if (answer.text !== "") {
      const seq = session.message_count + 1;
      appendMessage(tx, { row, sessionId }, seq, {
        role: "assistant",
        content: answer.text,
        atMs: nowMs,
        messageId: null,
        senderId: null,
        senderName: null,
        extra: answer.failure === null ? null : { incomplete: answer.failure.reason },
      });
      updateMessageCount(tx, row, seq);
    }
    if (answer.usage !== null) recordUsage(tx, row, answer.usage);
  }
  const speech = {
    place: { platform: source.platform, account: source.account, chatId: source.chatId, threadId: source.threadId },
    inboxId: turn.inboxId,
    session: row,
    replyTo: turn.message.messageId,
    nowMs,
  };
  const posts = writePosts(tx, adapterOf, { ...speech, kind: "reply", text: answer.text });
  const apology = answer.failure?.message ?? (answer.text === "" ? "The agent gave no answer." : "");
  posts.push(...writePosts(tx, adapterOf, { ...speech, kind: "failure", text: apology }));
  finishInbox(tx, {
    id: turn.inboxId,
    state: "done",
    firstOutboxId: posts[0]?.outboxId ?? null,
    finishedAtMs: nowMs,
    error: answer.failure === null ? null : `${answer.failure.reason}: ${answer.failure.detail}`.slice(0, MAX_ERROR),
  });
  return posts;
}

/** Longest reason kept with a row, in UTF-16 units: enough to tell what happened. */
const MAX_ERROR = 500;

import type { ApprovalQuestion } from "../agent/backend.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import type { BegunTurn } from "./begun-turn.ts";
import type { Speech } from "./posts.ts";

/** Longest command or change that is shown, in UTF-16 units: it has to be read before it is allowed. */
const MAX_DETAIL = 1_500;
const MAX_TITLE = 200;

/** The question whether an agent may do something, with buttons to answer it by. */
export function approvalSpeech(turn: BegunTurn, question: ApprovalQuestion, id: string, nowMs: number): Speech {
  const { platform, account, chatId, threadId } = turn.message.source;
  const title = cutText(cleanText(question.title), MAX_TITLE);
  const fence = "`".repeat(Math.max(3, longestRun(question.detail) + 1));
  const detail = question.detail === "" ? "" : `\n${fence}\n${cutText(question.detail, MAX_DETAIL)}\n${fence}`;
  return {
    place: { platform, account, chatId, threadId },
    inboxId: turn.inboxId,
    session: turn.session.row,
    kind: "notice",
    text: `May I? ${title}${detail}\n\n/approve ${id} allows it, /deny ${id} does not.`,
    replyTo: null,
    nowMs,
    buttons: [
      { label: "Approve", command: `/approve ${id}`, style: "primary" },
      { label: "Deny", command: `/deny ${id}`, style: "danger" },
    ],
  };
}

/** The longest run of backticks: a fence must be longer. */
function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

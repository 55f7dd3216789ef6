import { keptAttachments } from "../message/kept-attachments.ts";
import type { AttachmentReference } from "../message/message.ts";
import { participantOf } from "../session/source.ts";
import { selectInboxOfMessage } from "../store/inbox.ts";
import { touchSession } from "../store/resolve-session.ts";
import { selectLiveSession } from "../store/sessions.ts";
import type { TranscriptMessage } from "../store/transcript-line.ts";
import { lastExchanges, takeBack } from "../store/undo.ts";
import { type Command, type CommandCall, says } from "./command.ts";
import { isShared } from "./may-give.ts";
import { shownLine } from "./session-line.ts";

/** Longest list of names of files that are gone, in characters. */
const MAX_NAMES = 200;

/** `/retry`: drops the last answer and has the agent answer the same message again. */
export const retryCommand: Command = {
  name: "retry",
  usage: "",
  summary: "Drop the last answer and ask the same again.",
  group: "session",
  access: "shared_asker",
  run(call) {
    if (call.activity.runningMs !== null) return says("I am still working on that answer. /stop ends it.");
    const session = selectLiveSession(call.tx, call.key);
    const { lines } = session === null ? { lines: [] } : lastExchanges(call.tx, session, 1);
    const asked = lines.findLast(({ role }) => role === "user");
    if (session === null || asked === undefined) return says("There is nothing to ask again here.");
    // Asked again by somebody else, an agent's tools would do for one person what another wanted.
    const person = participantOf(call.message.source);
    if (isShared(call) && (person === null || asked.senderId !== person)) {
      return says("Only the person who wrote the last message can have it asked again.");
    }
    const { attachments, missing } = filesOf(call, lines);
    takeBack(call.tx, session, asked.seq + 1);
    touchSession(call.tx, call.rules, session, call.receivedAtMs, asked.seq);
    const isGone = missing.length > 0;
    return {
      ...says(
        isGone ? `I ask again, without what I can't fetch any more: ${shownLine(missing.join(", "), MAX_NAMES)}.` : "",
      ),
      repeats: { userSeq: asked.seq, attachments },
      effect: { kind: "rewritten", sessionId: session.session_id },
    };
  },
};

/**
 * What came with the messages of the exchange. Only what our own inbox remembers is fetched again: whatever else a transcript says
 * may have been imported, and is no address to ask with our credentials.
 */
function filesOf(call: CommandCall, lines: readonly TranscriptMessage[]) {
  const attachments: AttachmentReference[] = [];
  const missing: string[] = [];
  for (const line of lines) {
    if (line.role !== "user") continue;
    const { names, references } = keptAttachments(line.extra);
    const isFetchable = names.length > 0 && references.length === names.length && isRemembered(call, line);
    if (isFetchable) attachments.push(...references);
    else missing.push(...names);
  }
  return { attachments, missing };
}

function isRemembered(call: CommandCall, { messageId }: TranscriptMessage): boolean {
  if (messageId === null) return false;
  const { platform, account, chatId } = call.message.source;
  const row = selectInboxOfMessage(call.tx, { platform, account, chatId, messageId });
  return row?.session_key === call.key;
}

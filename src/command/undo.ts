import { participantOf } from "../session/source.ts";
import { selectLiveSession } from "../store/sessions.ts";
import type { TranscriptMessage } from "../store/transcript-line.ts";
import { lastExchanges, takeBack } from "../store/undo.ts";
import { type Command, type CommandCall, says } from "./command.ts";
import { isShared } from "./may-give.ts";
import { readCount } from "./read-count.ts";
import { quoted } from "./session-line.ts";

/** Most exchanges taken back at once: whoever wants more wants `/new`. */
const MAX_EXCHANGES = 20;

/** `/undo [n]`: takes back the last exchanges of the live session, as if they had not been said. */
export const undoCommand: Command = {
  name: "undo",
  usage: "[n]",
  summary: `Take back your last message and its answer, or the last n of them (up to ${MAX_EXCHANGES}).`,
  group: "session",
  access: "shared_author",
  run(call) {
    const wanted = readCount(call.argument, 1, MAX_EXCHANGES);
    if (wanted === null) return says(`/undo: expected a number from 1 to ${MAX_EXCHANGES}, or nothing for 1.`);
    if (call.activity.runningMs !== null)
      return says("I am working on an answer. /stop ends it; then I can take it back.");
    const session = selectLiveSession(call.tx, call.key);
    if (session === null) return says("No conversation is open: there is nothing to take back.");
    const { count, lines } = lastExchanges(call.tx, session, wanted);
    const [first] = lines;
    if (first === undefined) return says("There is nothing to take back here.");
    if (!mayTakeBack(call, lines)) {
      return says("That has messages of other people: an admin can take it back.");
    }
    takeBack(call.tx, session, first.seq);
    return {
      ...says(wordsOf(count, wanted, first, lines.length)),
      effect: { kind: "rewritten", sessionId: session.session_id },
    };
  },
};

/** What others have said in a shared conversation is theirs. */
export function mayTakeBack(call: CommandCall, lines: readonly TranscriptMessage[]): boolean {
  if (call.isAdmin || !isShared(call)) return true;
  const person = participantOf(call.message.source);
  return person !== null && lines.every(({ role, senderId }) => role !== "user" || senderId === person);
}

function wordsOf(count: number, wanted: number, { content }: TranscriptMessage, lines: number): string {
  const messages = `${lines} message${lines === 1 ? "" : "s"}`;
  const what = content.trim() === "" ? "a message without text" : quoted(content);
  if (wanted === 1) return `Took back ${what} (${messages}).`;
  const all =
    count < wanted ? `all ${count === 1 ? "there was" : `${count} exchanges there were`}` : `${count} exchanges`;
  return `Took back ${all}, from ${what} on (${messages}).`;
}

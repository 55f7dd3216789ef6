import { deleteSession } from "../store/delete-session.ts";
import { sessionTitle } from "../store/session-title.ts";
import { selectLiveSession } from "../store/sessions.ts";
import { type Command, type CommandResult, says } from "./command.ts";
import { isShared } from "./may-give.ts";
import { quoted } from "./session-line.ts";

/** `/delete [yes | no]`: erases the live session for good, once its people have said so twice. */
export const deleteCommand: Command = {
  name: "delete",
  usage: "[yes | no]",
  summary: "Delete this conversation for good; asks before it does.",
  group: "session",
  access: "shared_admin",
  run(call) {
    const [word = "", sessionId, ...rest] = call.argument.toLowerCase().split(/\s+/);
    if (isShared(call) && !call.isAdmin)
      return says("Several people share this conversation: only an admin can delete it.");
    if (word === "no") return says("Kept.");
    if ((word !== "" && word !== "yes") || rest.length > 0) return says("/delete: expected `yes`, `no`, or nothing.");
    const session = selectLiveSession(call.tx, call.key);
    if (session === null) return says("No conversation is open: there is nothing to delete.");
    if (word === "") return question(session.session_id, session.message_count, sessionTitle(call.tx, session));
    // A button of an older question must not reach the conversation that is open by now.
    if (sessionId !== undefined && sessionId !== session.session_id) {
      return says("That conversation is not the open one any more. Nothing was deleted.");
    }
    deleteSession(call.tx, session, call.receivedAtMs);
    return {
      ...says("Deleted. Your next message starts a new conversation."),
      changes: [{ kind: "ended", sessionId: session.session_id, reason: "delete" }],
      effect: { kind: "rewritten", sessionId: session.session_id },
    };
  },
};

function question(sessionId: string, count: number, title: string | null): CommandResult {
  const about = title === null ? "" : ` ${quoted(title)}`;
  const messages = `${count} message${count === 1 ? "" : "s"}`;
  return {
    ...says(`This deletes the conversation${about} with its ${messages}, for good. /delete yes does it.`),
    buttons: [
      { label: "Delete for good", command: `/delete yes ${sessionId}`, style: "danger" },
      { label: "Keep", command: "/delete no" },
    ],
  };
}

import { branchSession, MAX_BRANCHED_LINES } from "../store/branch-session.ts";
import { type Command, says } from "./command.ts";
import { quoted } from "./session-line.ts";
import { TITLE_TOO_LONG, titleOf } from "./title.ts";

/** `/branch [title]`: goes on in a copy of this conversation; the original stays as it is. */
export const branchCommand: Command = {
  name: "branch",
  usage: "[title]",
  summary: "Go on in a copy of this conversation; the original can be resumed.",
  group: "session",
  run(call) {
    const given = titleOf(call.argument);
    if (given === null) return says(TITLE_TOO_LONG);
    const { tx, rules, key, agentId, message, receivedAtMs: atMs } = call;
    const branch = branchSession(tx, rules, { key, agentId, source: message.source, atMs }, given.title);
    if (branch === null) return says("Nothing was said in this conversation yet: there is nothing to copy.");
    const { session, original } = branch;
    const named = session.title === null ? "" : ` ${quoted(session.title)}`;
    const lines =
      original.message_count > MAX_BRANCHED_LINES
        ? ` It has the newest ${MAX_BRANCHED_LINES} of ${original.message_count} messages.`
        : "";
    return {
      ...says(`You are in a copy${named} now.${lines} The original stays as it is: /resume goes back to it.`),
      buttons: [{ label: "Back to the original", command: `/resume ${original.session_id}` }],
      changes: [
        { kind: "ended", sessionId: original.session_id, reason: "archive" },
        { kind: "started", sessionId: session.session_id },
      ],
    };
  },
};

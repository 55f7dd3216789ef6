import { selectResumable } from "../store/sessions.ts";
import { switchSession } from "../store/switch-session.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { quoted, sessionLine } from "./session-line.ts";
import { LISTED_SESSIONS } from "./sessions.ts";

/** `/resume [number | id]`: goes back to an earlier session of this conversation; the last one when nothing is named. */
export const resumeCommand: Command = {
  name: "resume",
  usage: "[number]",
  summary: "Go back to an earlier conversation: the last one, or a number from /sessions.",
  run(call) {
    const earlier = selectResumable(call.tx, call.key, LISTED_SESSIONS);
    const wanted = wantedSession(call, earlier);
    if (wanted === null) {
      return says(
        earlier.length === 0
          ? "There is no earlier conversation to go back to."
          : `There is no earlier conversation ${quoted(call.argument)} here. /sessions lists them.`,
      );
    }
    return resume(call, wanted);
  },
};

function wantedSession(call: CommandCall, earlier: readonly { readonly session_id: string }[]): string | null {
  if (call.argument === "") return earlier[0]?.session_id ?? null;
  if (/^\d{1,2}$/.test(call.argument)) return earlier[Number(call.argument) - 1]?.session_id ?? null;
  return call.argument;
}

function resume(call: CommandCall, sessionId: string): CommandResult {
  const result = switchSession(call.tx, call.rules, call.key, sessionId, call.receivedAtMs);
  switch (result.kind) {
    case "switched":
      return {
        reply: `Back in the conversation of ${sessionLine(call.tx, result.session, call.timeZone)}.`,
        turnText: null,
        changes: [
          ...(result.left === null
            ? []
            : [{ kind: "ended", sessionId: result.left.session_id, reason: "archive" } as const]),
          { kind: "started", sessionId: result.session.session_id },
        ],
      };
    case "already_live":
      return says("This is the conversation you are in.");
    // Whether somebody else's session exists is nobody's business.
    case "not_found":
    case "not_yours":
      return says(`There is no earlier conversation ${quoted(sessionId)} here. /sessions lists them.`);
  }
}

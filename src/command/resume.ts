import type { SessionRow } from "../store/session.ts";
import { selectResumable } from "../store/sessions.ts";
import { switchSession } from "../store/switch-session.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { quoted, resumeButtons, sessionLine } from "./session-line.ts";
import { LISTED_SESSIONS } from "./sessions.ts";

/** `/resume [number | id]`: goes back to an earlier session of this conversation; the last one when nothing is named. */
export const resumeCommand: Command = {
  name: "resume",
  usage: "[number]",
  summary: "Go back to an earlier conversation: the last one, or a number from /sessions.",
  group: "session",
  run(call) {
    const earlier = selectResumable(call.tx, call.key, LISTED_SESSIONS);
    const wanted = wantedSession(call, earlier);
    return wanted === null ? unknown(call, earlier) : resume(call, wanted, earlier);
  },
};

function wantedSession(call: CommandCall, earlier: readonly SessionRow[]): string | null {
  if (call.argument === "") return earlier[0]?.session_id ?? null;
  if (/^\d{1,2}$/.test(call.argument)) return earlier[Number(call.argument) - 1]?.session_id ?? null;
  return call.argument;
}

function unknown(call: CommandCall, earlier: readonly SessionRow[]): CommandResult {
  if (earlier.length === 0) return says("There is no earlier conversation to go back to.");
  return {
    ...says(`There is no earlier conversation ${quoted(call.argument)} here. /sessions lists them.`),
    buttons: resumeButtons(call.tx, earlier, call.timeZone),
  };
}

function resume(call: CommandCall, sessionId: string, earlier: readonly SessionRow[]): CommandResult {
  const result = switchSession(call.tx, call.rules, call.key, sessionId, call.receivedAtMs);
  switch (result.kind) {
    case "switched": {
      const { session, left } = result;
      // Whoever named none gets to see what else there is, the one just left among it.
      const others = call.argument === "" ? selectResumable(call.tx, call.key, LISTED_SESSIONS) : [];
      return {
        ...says(`Back in the conversation of ${sessionLine(call.tx, session, call.timeZone)}.`),
        buttons: resumeButtons(call.tx, others, call.timeZone),
        changes: [
          ...(left === null ? [] : [{ kind: "ended", sessionId: left.session_id, reason: "archive" } as const]),
          { kind: "started", sessionId: session.session_id },
        ],
      };
    }
    case "already_live":
      return says("This is the conversation you are in.");
    // Whether somebody else's session exists is nobody's business.
    case "not_found":
    case "not_yours":
      return unknown(call, earlier);
  }
}

import { restartSession } from "../store/resolve-session.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

/** `/new [text]` and `/reset [text]`: ends this conversation and starts another; the text is its first message. */
export function restartCommand(name: "new" | "reset"): Command {
  return {
    name,
    usage: "[text]",
    summary:
      name === "new"
        ? "Start a new conversation; the text, if any, is its first message."
        : "Forget the thread of this conversation and start afresh.",
    group: "session",
    run: (call) => restart(call, name),
  };
}

function restart(call: CommandCall, reason: "new" | "reset"): CommandResult {
  const { session, previous } = restartSession(
    call.tx,
    call.rules,
    { key: call.key, agentId: call.agentId, source: call.message.source, atMs: call.receivedAtMs },
    reason,
  );
  const hasHistory = previous !== null && previous.message_count > 0;
  return {
    reply: hasHistory
      ? "Started a new conversation. /resume goes back to the last one."
      : "Started a new conversation.",
    turnText: call.argument === "" ? null : call.argument,
    changes: [
      ...(previous === null ? [] : [{ kind: "ended", sessionId: previous.session_id, reason } as const]),
      { kind: "started", sessionId: session.session_id },
    ],
  };
}

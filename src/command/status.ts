import { describeSource } from "../session/describe-source.ts";
import { durationText } from "../session/reset-notice.ts";
import { selectLiveSession } from "../store/sessions.ts";
import { type Command, type CommandCall, says } from "./command.ts";
import { quoted } from "./session-line.ts";
import { timeText } from "./time-text.ts";

/** `/status`: where this conversation stands. */
export const statusCommand: Command = {
  name: "status",
  usage: "",
  summary: "Show where this conversation stands and when it starts afresh.",
  group: "session",
  answer: "private",
  isControl: true,
  run(call) {
    const session = selectLiveSession(call.tx, call.key);
    const place = quoted(describeSource(call.message.source));
    const head = `Parley ${call.version}, agent ${call.agentId}, ${place}.`;
    if (session === null) return says(`${head}\nNo conversation is open: your next message starts one.`);
    const next = session.next_reset_at_ms;
    const tokens = session.input_tokens + session.output_tokens;
    return says(
      [
        head,
        `Conversation \`${session.session_id}\`${session.title === null ? "" : ` ${quoted(session.title)}`}: ${session.message_count} messages, last written ${agoText(call.receivedAtMs - session.last_active_ms)}.`,
        ...activityLines(call),
        next === null
          ? "It never starts afresh by itself."
          : `It starts afresh ${timeText(next, call.timeZone)} (${call.timeZone}) unless somebody writes before.`,
        ...(tokens === 0 ? [] : [`${session.input_tokens} tokens in, ${session.output_tokens} out.`]),
      ].join("\n"),
    );
  },
};

function activityLines({ activity: { runningMs, waiting } }: CommandCall): readonly string[] {
  if (runningMs === null) return [];
  const since = runningMs < 1_000 ? "a moment" : `${Math.round(runningMs / 1_000)} s`;
  return [
    `I have been working on an answer for ${since}${waiting === 0 ? "" : `; ${waiting} more waiting`}. /stop ends it.`,
  ];
}

function agoText(sinceMs: number): string {
  return sinceMs < 60_000 ? "just now" : `${durationText(sinceMs)} ago`;
}

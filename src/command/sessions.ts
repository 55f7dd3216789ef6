import { selectLiveSession, selectResumable } from "../store/sessions.ts";
import { type Command, says } from "./command.ts";
import { resumeButtons, sessionLine } from "./session-line.ts";

/** Sessions one answer lists: a phone's screen. */
export const LISTED_SESSIONS = 10;

/** `/sessions`: this conversation's own earlier sessions. */
export const sessionsCommand: Command = {
  name: "sessions",
  usage: "",
  summary: "List the earlier conversations of this chat.",
  group: "session",
  answer: "private",
  run(call) {
    const live = selectLiveSession(call.tx, call.key);
    const earlier = selectResumable(call.tx, call.key, LISTED_SESSIONS);
    const lines = earlier.map(
      (session, place) => `${place + 1}. ${sessionLine(call.tx, session, call.timeZone)} (\`${session.session_id}\`)`,
    );
    const now = live === null ? "None is open now." : `Now: ${sessionLine(call.tx, live, call.timeZone)}`;
    if (lines.length === 0) return says(`${now}\nThere are no earlier ones.`);
    return {
      ...says([now, "", ...lines, "", "/resume and a number goes back to one of them."].join("\n")),
      buttons: resumeButtons(call.tx, earlier, call.timeZone),
    };
  },
};

import { readTitle } from "../store/session-labels.ts";
import { selectLiveSession, updateTitle } from "../store/sessions.ts";
import { StoreError } from "../store/store-error.ts";
import { type Command, says } from "./command.ts";
import { quoted } from "./session-line.ts";

/** `/title [text]`: names this conversation, or shows its name. */
export const titleCommand: Command = {
  name: "title",
  usage: "[text]",
  summary: "Name this conversation, or show its name.",
  run(call) {
    const session = selectLiveSession(call.tx, call.key);
    if (session === null) return says("No conversation is open yet: write something first.");
    if (call.argument === "") {
      return says(
        session.title === null
          ? "This conversation has no title. /title and a text gives it one."
          : `Its title is ${quoted(session.title)}.`,
      );
    }
    const title = titleOf(call.argument);
    if (title === null) return says("That title is too long: at most 200 characters.");
    updateTitle(call.tx, session.id, title);
    return { ...says(`Titled ${quoted(title)}.`), changes: [{ kind: "renamed", sessionId: session.session_id }] };
  },
};

function titleOf(text: string): string | null {
  try {
    return readTitle(text);
  } catch (error) {
    if (error instanceof StoreError && error.kind === "invalid") return null;
    throw error;
  }
}

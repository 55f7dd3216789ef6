import { readTitle } from "../store/session-labels.ts";
import { selectLiveSession, updateTitle } from "../store/sessions.ts";
import { StoreError } from "../store/store-error.ts";
import { type Command, says } from "./command.ts";
import { quoted } from "./session-line.ts";

/** What is said of a title that is too long. */
export const TITLE_TOO_LONG = "That title is too long: at most 200 characters.";

/** `/title [text]`: names this conversation, or shows its name. */
export const titleCommand: Command = {
  name: "title",
  usage: "[text]",
  summary: "Name this conversation, or show its name.",
  group: "session",
  run(call) {
    const session = selectLiveSession(call.tx, call.key);
    if (session === null) return says("No conversation is open yet: write something first.");
    const given = titleOf(call.argument);
    if (given === null) return says(TITLE_TOO_LONG);
    const { title } = given;
    if (title === null) {
      return says(
        session.title === null
          ? "This conversation has no title. /title and a text gives it one."
          : `Its title is ${quoted(session.title)}.`,
      );
    }
    updateTitle(call.tx, session.id, title);
    return { ...says(`Titled ${quoted(title)}.`), changes: [{ kind: "renamed", sessionId: session.session_id }] };
  },
};

/** A title as it is stored, itself null for an empty text; null when it is too long. */
export function titleOf(text: string): { readonly title: string | null } | null {
  try {
    return { title: readTitle(text) };
  } catch (error) {
    if (error instanceof StoreError && error.kind === "invalid") return null;
    throw error;
  }
}

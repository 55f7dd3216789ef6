import { selectLiveSession } from "../store/sessions.ts";
import { type Command, says } from "./command.ts";
import { mayGive } from "./may-give.ts";

/** Longest wish that a summary is made by, in UTF-16 units. */
const MAX_FOCUS_LENGTH = 500;

/** `/compact [focus on …]`: sums up the older part of this conversation now, while it goes on. */
export const compactCommand: Command = {
  name: "compact",
  usage: "[focus on …]",
  summary: "Sum up the older part of this conversation now; the text says what to dwell on.",
  group: "session",
  access: "shared_admin",
  isControl: true,
  run(call) {
    if (!mayGive(compactCommand, call)) return says("Several people share this conversation: an admin can compact it.");
    if (call.argument.length > MAX_FOCUS_LENGTH)
      return says(`/compact: expected at most ${MAX_FOCUS_LENGTH} characters after it.`);
    const session = selectLiveSession(call.tx, call.key);
    if (session === null || session.message_count === 0)
      return says("Nothing was said in this conversation yet: there is nothing to sum up.");
    const { platform, account, chatId, threadId } = call.message.source;
    return {
      ...says("I am summing up the older part of this conversation. It goes on meanwhile."),
      effect: {
        kind: "compact",
        sessionId: session.session_id,
        instructions: call.argument === "" ? null : call.argument,
        place: { platform, account, chatId, threadId },
        replyTo: call.message.messageId,
      },
    };
  },
};

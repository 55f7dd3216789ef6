import type { NeededNames } from "./known-names.ts";
import type { SlackBody } from "./payload.ts";

/** Most mentions of one message that are looked up; the rest keep their ids. Who names more people is not talking to a bot. */
const MAX_MENTIONS = 20;

/** Whose names a delivery mentions, its sender and its place first. */
export function neededNames(body: SlackBody): NeededNames {
  switch (body.kind) {
    case "other":
      return { userIds: [], chatIds: [] };
    case "command":
      return { userIds: [body.command.user_id], chatIds: chats([body.command.channel_id]) };
    case "press":
      return { userIds: [body.press.user.id], chatIds: chats(body.press.channel ? [body.press.channel.id] : []) };
    case "event": {
      const { event } = body;
      const text = event.message?.text ?? event.text ?? "";
      const sender = event.user ? [event.user] : [];
      return {
        userIds: unique([...sender, ...mentioned(text, /<@([UW][A-Z0-9]+)>/g)]),
        chatIds: chats([event.channel, ...mentioned(text, /<#(C[A-Z0-9]+)\|?>/g)]),
      };
    }
  }
}

function mentioned(text: string, pattern: RegExp): readonly string[] {
  return text.includes("<") ? [...text.matchAll(pattern)].slice(0, MAX_MENTIONS).map(([, id = ""]) => id) : [];
}

/** Direct messages have no name of their own. */
function chats(ids: readonly string[]): readonly string[] {
  return unique(ids.filter((id) => !id.startsWith("D")));
}

function unique(ids: readonly string[]): readonly string[] {
  return ids.length < 2 ? ids : [...new Set(ids)];
}

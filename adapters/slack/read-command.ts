import type { CommandBody } from "./payload.ts";
import { chatNameOf, conversationKindOfName, sourceOf } from "./place.ts";
import type { Reading, ReadOptions } from "./read.ts";

/** The slash command of the app's manifest: what follows it is one of our commands. */
const OWN_COMMAND = /^\/parley(?:[-_].*)?$/;

/**
 * Reads a slash command: `/parley new` is `/new` of the session of the place it was typed in. A command that an app's owner
 * named otherwise (`/new`) stands for itself.
 */
export function readCommand(command: CommandBody, options: ReadOptions): Reading {
  const { channel_id: chatId, channel_name: name } = command;
  return {
    kind: "command",
    message: {
      source: sourceOf(
        {
          kind: options.names.chat(chatId)?.kind ?? conversationKindOfName(chatId, name),
          chatId,
          ts: null,
          threadTs: null,
          opensThread: false,
          userId: command.user_id,
          userName: command.user_name,
          chatName: chatNameOf(name),
          teamId: command.team_id,
        },
        options,
      ),
      // Slack gives a slash command no `ts`; a trigger is one person's one deed.
      messageId: `command-${command.trigger_id}`,
      text: textOf(command.command, (command.text ?? "").trim()),
      attachments: [],
      addressed: "yes",
    },
  };
}

function textOf(command: string, rest: string): string {
  if (!OWN_COMMAND.test(command)) return rest === "" ? command : `${command} ${rest}`;
  if (rest === "") return "/help";
  return rest.startsWith("/") ? rest : `/${rest}`;
}

import { ApplicationCommandOptionType, ApplicationCommandType, Routes } from "discord.js";
import type { PublishedCommand } from "../../src/platform/adapter.ts";
import type { Rest } from "./rest.ts";

/** discord.com/developers/docs/interactions/application-commands: 100 commands, descriptions of 1 to 100 characters. */
const MAX_COMMANDS = 100;
const MAX_DESCRIPTION_LENGTH = 100;

/** Publishes the commands everywhere the bot is, in place of those that were published before. */
export async function publishCommands(
  rest: Rest,
  applicationId: string,
  commands: readonly PublishedCommand[],
): Promise<void> {
  const body = commands.slice(0, MAX_COMMANDS).map(({ name, usage, summary }) => ({
    type: ApplicationCommandType.ChatInput,
    name,
    description: described(summary, name),
    options:
      usage === ""
        ? []
        : [
            {
              type: ApplicationCommandOptionType.String,
              name: "text",
              description: described(usage, "text"),
              required: false,
            },
          ],
  }));
  await rest.call("put", Routes.applicationCommands(applicationId), { body });
}

function described(text: string, otherwise: string): string {
  return [...(text.trim() || otherwise)].slice(0, MAX_DESCRIPTION_LENGTH).join("");
}

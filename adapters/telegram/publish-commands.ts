import type { PublishedCommand } from "../../src/platform/adapter.ts";
import { cutText } from "../../src/session/untrusted-text.ts";
import type { TelegramClient } from "./client.ts";
import { deliveryErrorOf } from "./errors.ts";

// core.telegram.org/bots/api#botcommand and #setmycommands
const NAME = /^[a-z0-9_]{1,32}$/;
const MAX_DESCRIPTION_LENGTH = 256;
const MAX_COMMANDS = 100;

/** Publishes the commands in the bot's menu, for all chats; throws a `DeliveryError`. */
export async function publishCommands(client: TelegramClient, commands: readonly PublishedCommand[]): Promise<void> {
  const menu = commands
    .filter(({ name }) => NAME.test(name))
    .slice(0, MAX_COMMANDS)
    .map(({ name, usage, summary }) => ({
      command: name,
      description: cutText(usage === "" ? summary : `${usage}: ${summary}`, MAX_DESCRIPTION_LENGTH),
    }));
  await client.api.setMyCommands(menu).catch((error: unknown) => {
    throw deliveryErrorOf(error);
  });
}

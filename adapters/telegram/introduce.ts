import { z } from "zod";
import type { TelegramBot } from "./bot.ts";
import { librarySignal, type TelegramClient } from "./client.ts";
import { READ_UPDATES } from "./poll-updates.ts";

/** How updates come in. */
export type UpdateMode =
  | { readonly kind: "polling" }
  /** `url` is where Telegram reaches us, `secret` what it proves itself by: 1 to 256 of `A-Z a-z 0-9 _ -`. */
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string };

const me = z.object({
  id: z.number().int(),
  username: z.string(),
  can_read_all_group_messages: z.boolean().optional(),
});

/** The bot, as it introduced itself. */
export interface IntroducedBot extends TelegramBot {
  /** True when it gets all messages of groups; false in privacy mode, where it gets those meant for it. */
  readonly readsGroups: boolean;
}

/** Asks Telegram who the bot is, and says how its updates are to come; nothing that waits there is dropped. Throws what grammy throws. */
export async function introduce(
  client: TelegramClient,
  account: string,
  mode: UpdateMode,
  signal: AbortSignal,
): Promise<IntroducedBot> {
  const bot = me.parse(await client.api.getMe(librarySignal(signal)));
  if (mode.kind === "webhook") await setWebhook(client, mode);
  // While one is set, polls are refused.
  else await client.api.deleteWebhook({ drop_pending_updates: false });
  return { account, id: bot.id, username: bot.username, readsGroups: bot.can_read_all_group_messages ?? false };
}

/** Tells Telegram where to send updates. Throws what grammy throws. */
export async function setWebhook(
  client: TelegramClient,
  { url, secret }: Extract<UpdateMode, { kind: "webhook" }>,
): Promise<void> {
  await client.api.setWebhook(url, { secret_token: secret, allowed_updates: READ_UPDATES });
}

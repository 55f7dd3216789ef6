import type { AccessConfig, BotAccessConfig, PlatformAccessSection } from "./access.ts";
import type { Config, DiscordConfig, SlackConfig, TelegramConfig } from "./config.ts";
import type { DiscordSection, SlackSection, TelegramSection } from "./platforms.ts";
import type { ParsedConfig } from "./schema.ts";

/** The account that a section's own token makes. */
export const DEFAULT_ACCOUNT = "default";

/** Every bot of the file: the section's own one first, then its accounts. */
export function botsOf(platforms: ParsedConfig["platforms"], root: AccessConfig): Config["platforms"] {
  const { telegram, discord, slack } = platforms;
  return {
    telegram: telegram ? telegramBots(telegram, root) : [],
    discord: discord ? discordBots(discord, root) : [],
    slack: slack ? slackBots(slack, root) : [],
  };
}

function telegramBots(section: TelegramSection, root: AccessConfig): readonly TelegramConfig[] {
  const { token, accounts, reset: _, ...common } = section;
  return laidOver(common, withOwn(token === undefined ? null : { token }, accounts), root);
}

function discordBots(section: DiscordSection, root: AccessConfig): readonly DiscordConfig[] {
  const { token, accounts, reset: _, ...common } = section;
  return laidOver(common, withOwn(token === undefined ? null : { token }, accounts), root);
}

function slackBots(section: SlackSection, root: AccessConfig): readonly SlackConfig[] {
  const { botToken, accounts, reset: _, ...common } = section;
  return laidOver(common, withOwn(botToken === undefined ? null : { botToken }, accounts), root);
}

type Accounts<Account> = readonly (readonly [name: string, fields: Account])[];

function withOwn<Account>(
  own: NoInfer<Account> | null,
  accounts: Readonly<Record<string, Account>>,
): Accounts<Account> {
  return [...(own === null ? [] : [[DEFAULT_ACCOUNT, own] as const]), ...Object.entries(accounts)];
}

/** Each account with what it does not say from its platform, and what that does not say of access from the root. */
function laidOver<
  Common extends { readonly access: PlatformAccessSection },
  Account extends { readonly access?: PlatformAccessSection },
>(common: Common, accounts: Accounts<Account>, root: AccessConfig) {
  return accounts.map(([account, own]) => {
    const access: BotAccessConfig = { chats: {}, ...root, ...common.access, ...own.access };
    return { ...common, ...own, account, access };
  });
}

import type { Config, DiscordConfig, SlackConfig, TelegramConfig } from "../config/config.ts";
import { compileAccess, judge } from "./access/judge.ts";
import { openRules, type PlatformRules } from "./gateway/platform-rules.ts";
import { homeOf } from "./home-channels.ts";
import { participantOf } from "./session/source.ts";
import { isPaired } from "./store/pairings.ts";
import type { Reader } from "./store/sqlite.ts";

/** How each configured bot is to be treated, by platform and account; everything else (page, terminal, an embedding program's own) is open. */
export function botRules(
  platforms: Config["platforms"],
  reader: Reader,
): (platform: string, account: string) => PlatformRules {
  const rules = new Map<string, PlatformRules>();
  for (const [platform, bots] of Object.entries(platforms)) {
    for (const bot of bots) rules.set(`${platform}@${bot.account}`, rulesOf(platforms, platform, bot, reader));
  }
  return (platform, account) => rules.get(`${platform}@${account}`) ?? openRules;
}

function rulesOf(
  platforms: Config["platforms"],
  platform: string,
  bot: TelegramConfig | DiscordConfig | SlackConfig,
  reader: Reader,
): PlatformRules {
  const access = compileAccess(bot.access);
  const prefix = `${platform}:`;
  return {
    requireMention: bot.requireMention,
    freeChats: new Set(bot.freeChats),
    streams: bot.streaming === "auto",
    onAmbiguousSend: bot.onAmbiguousSend,
    maxPerSecond: bot.maxPerSecond,
    redactsPii: bot.redactPii,
    deciders: {
      admins: bot.access.admins.filter((admin) => admin.startsWith(prefix)).map((admin) => admin.slice(prefix.length)),
      get home() {
        const home = homeOf(platforms, reader, platform);
        return home?.account === bot.account ? home : null;
      },
    },
    admit({ source, roleIds = [], isPerson = true }) {
      const userId = participantOf(source);
      const { chatId, parentChatId, chatType } = source;
      const sender = { platform, userId, chatId, parentChatId, chatType, roleIds, isPerson };
      return judge(access, sender, () => userId !== null && isPaired(reader, { platform, userId }));
    },
  };
}

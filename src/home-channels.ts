import type { Config } from "../config/config.ts";
import type { HomeChannel } from "./session/session-context.ts";
import { selectHome } from "./store/homes.ts";
import type { Lane } from "./store/outbox.ts";
import type { Reader } from "./store/sqlite.ts";

/** A platform's home channel, and the bot that reaches it. */
interface Home {
  readonly place: Lane;
  readonly name: string | null;
}

/** A platform's home channel as it is now: what an admin chose in a chat, else that of its first bot that is configured with one. */
export function homeOf(platforms: Config["platforms"], reader: Reader, platform: string): Lane | null {
  return findHome(platforms, reader, platform)?.place ?? null;
}

/** The home channel of one bot: the platform's, where it is this bot's, else the one it is configured with. */
export function homeOfBot(
  platforms: Config["platforms"],
  reader: Reader,
  platform: string,
  account: string,
): Lane | null {
  const home = homeOf(platforms, reader, platform);
  return home?.account === account ? home : (findConfigured(platforms, platform, account)?.place ?? null);
}

/** Every platform's home channel, for the prompt. */
export function homeChannels(
  platforms: Config["platforms"],
  reader: Reader,
  connected: readonly string[],
): readonly HomeChannel[] {
  return [...new Set(connected)].flatMap((platform) => {
    const home = findHome(platforms, reader, platform);
    if (home === null) return [];
    const { chatId, threadId } = home.place;
    return [{ platform, chatId, threadId, name: home.name }];
  });
}

/** The home channel that a bot is configured with, or a platform's first bot that has one. */
export function configuredHome(
  platforms: Config["platforms"],
  platform: string,
  account: string | null = null,
): Lane | null {
  return findConfigured(platforms, platform, account ?? undefined)?.place ?? null;
}

function findHome(platforms: Config["platforms"], reader: Reader, platform: string): Home | null {
  const chosen = selectHome(reader, platform);
  if (chosen?.kind === "off") return null;
  if (chosen !== null) {
    const { account, chatId, threadId, name } = chosen;
    return { place: { platform, account, chatId, threadId }, name };
  }
  return findConfigured(platforms, platform);
}

function findConfigured(platforms: Config["platforms"], platform: string, wanted?: string): Home | null {
  const bots = Object.entries(platforms).find(([name]) => name === platform)?.[1] ?? [];
  for (const { account, homeChannel: home } of bots) {
    if (home === null || (wanted !== undefined && account !== wanted)) continue;
    const { chatId, threadId, name } = home;
    return { place: { platform, account, chatId, threadId }, name };
  }
  return null;
}

import type { Config } from "../config/config.ts";
import { namedRoles } from "./access/named-roles.ts";
import type { Clock } from "./clock/clock.ts";
import type { PrivateAddresses } from "./media/public-address.ts";
import type { Events } from "./observe/events.ts";
import type { Adapter, AdapterEvents } from "./platform/adapter.ts";

/** What the adapters of chat platforms need besides their settings. */
export interface PlatformParts {
  readonly clock: Clock;
  readonly events: Events;
  /** This installation's own: keeps its posts apart from those of another with the same bot. */
  readonly salt: string;
  /** Whether files of messages may lie in private networks. */
  readonly privateAddresses: PrivateAddresses;
}

/** Opens an adapter for each configured bot. A platform without one is not even imported: its client costs memory and time. */
export async function openPlatforms(platforms: Config["platforms"], parts: PlatformParts): Promise<readonly Adapter[]> {
  const { clock, salt, privateAddresses } = parts;
  const eventsFor = (platform: string, account: string) => adapterEvents(parts.events, platform, account);
  const opening: Promise<readonly Adapter[]>[] = [];
  if (platforms.telegram.length > 0) opening.push(openTelegram());
  if (platforms.discord.length > 0) opening.push(openDiscord());
  if (platforms.slack.length > 0) opening.push(openSlack());
  return (await Promise.all(opening)).flat();

  async function openTelegram(): Promise<readonly Adapter[]> {
    const { telegramAdapter } = await import("../adapters/telegram/adapter.ts");
    return platforms.telegram.map(({ account, token, apiRoot, mode, webhookUrl, webhookSecret }) =>
      telegramAdapter({
        account,
        token,
        apiRoot,
        mode,
        webhookUrl: webhookUrl ?? "",
        webhookSecret: webhookSecret ?? "",
        clock,
        events: eventsFor("telegram", account),
      }),
    );
  }

  async function openDiscord(): Promise<readonly Adapter[]> {
    const { discordAdapter } = await import("../adapters/discord/adapter.ts");
    return platforms.discord.map(({ account, token, apiUrl, autoThread, mentionRoles }) =>
      discordAdapter({
        account,
        token,
        apiUrl,
        autoThread,
        mentionRoles,
        clock,
        events: eventsFor("discord", account),
        nonceSeed: salt,
        privateAddresses,
      }),
    );
  }

  async function openSlack(): Promise<readonly Adapter[]> {
    const { slackAdapter } = await import("../adapters/slack/adapter.ts");
    return platforms.slack.map((bot) =>
      slackAdapter({
        account: bot.account,
        botToken: bot.botToken,
        appToken: bot.appToken,
        signingSecret: bot.signingSecret,
        apiUrl: bot.apiUrl,
        mode: bot.mode,
        replyInThread: bot.replyInThread,
        seedDmThreads: bot.seedDmThreads,
        userGroups: namedRoles(bot.access, "slack"),
        postSeed: salt,
        privateAddresses,
        clock,
        events: eventsFor("slack", bot.account),
      }),
    );
  }
}

function adapterEvents(events: Events, platform: string, account: string): AdapterEvents {
  const place = { platform, account };
  return {
    connected: () => events.adapterConnected(place),
    disconnected: (detail, error) => events.adapterDisconnected({ ...place, detail, error }),
    ignored: (reason) => events.eventIgnored({ ...place, reason }),
    warning: (detail, error) => events.adapterWarned({ ...place, detail, error }),
  };
}

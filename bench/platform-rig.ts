/** A platform of our own on this machine, as benchmarks see it: one bot, and people who write to it directly. */
export interface PlatformRig extends AsyncDisposable {
  readonly platform: PlatformName;
  /** The platform's section of `parley.yaml`; bare bots take their tokens and addresses from it, too. */
  readonly section: Readonly<Record<string, string>>;
  /** Resolves when a bot is connected and would hear what is said. */
  untilConnected(): Promise<void>;
  /** Delivers a direct message of the chat's only person. */
  say(chat: number, text: string): void;
  /** The text of each post of the bot from now on; edits don't count. */
  onPost(listener: (text: string) => void): void;
}

/** The platforms that are measured. */
export type PlatformName = "telegram" | "discord" | "slack";

/** Starts the platform's server in this process; loads that platform's server only. */
export async function startRig(platform: PlatformName): Promise<PlatformRig> {
  switch (platform) {
    case "telegram":
      return await (await import("./telegram-rig.ts")).startTelegramRig();
    case "discord":
      return await (await import("./discord-rig.ts")).startDiscordRig();
    case "slack":
      return await (await import("./slack-rig.ts")).startSlackRig();
  }
}

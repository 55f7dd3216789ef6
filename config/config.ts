import type { ResetRules } from "../src/session/reset-policy.ts";
import type { AccessConfig, BotAccessConfig } from "./access.ts";
import type { AgentConfig } from "./agents.ts";
import type { ConsoleConfig } from "./console.ts";
import type { LimitsConfig, LogConfig, QueueConfig } from "./gateway.ts";
import type { JobSection } from "./jobs.ts";
import type { MemorySection } from "./memory.ts";
import type { DiscordSection, SlackSection, TelegramSection } from "./platforms.ts";
import type { RouteConfig } from "./routes.ts";

/** The configuration in force: every default filled, every policy whole, every path absolute. */
export interface Config {
  /** Absolute. */
  readonly dataDir: string;
  readonly console: ConsoleConfig;
  /** By name; `main` is always there. */
  readonly agents: Readonly<Record<string, AgentConfig>>;
  /** In order; the first match wins, and without one the agent is `main`. */
  readonly routes: readonly RouteConfig[];
  /** The bots of each platform, `default` first; empty: off. No two of a platform have one name. */
  readonly platforms: {
    readonly telegram: readonly TelegramConfig[];
    readonly discord: readonly DiscordConfig[];
    readonly slack: readonly SlackConfig[];
  };
  readonly access: AccessConfig;
  readonly sessions: {
    readonly groupSessionsPerUser: boolean;
    readonly threadSessionsPerUser: boolean;
    /** Who may choose the agent and the model of a conversation. */
    readonly choices: "everyone" | "admins" | "off";
    /** Who names a conversation that no person has. */
    readonly titles: "agent" | "text";
    /** IANA name. */
    readonly timeZone: string;
  };
  /** `byPlatform` has what the platforms' own `reset` says merged in. */
  readonly reset: ResetRules;
  readonly queue: QueueConfig;
  readonly limits: LimitsConfig;
  /** Paths of hooks absolute. */
  readonly memory: MemorySection;
  readonly log: LogConfig;
  readonly jobs: readonly JobConfig[];
}

/** One bot: its account's fields laid over the platform's, its access rules whole; `reset` went into `Config.reset`. */
type Bot<
  Section extends { readonly accounts: Readonly<Record<string, unknown>> },
  Token extends keyof Section,
> = Readonly<Omit<Section, "access" | "reset" | "accounts" | Token>> &
  Readonly<Record<Token, string>> & { readonly account: string; readonly access: BotAccessConfig };
/** One Telegram bot. */
export type TelegramConfig = Bot<TelegramSection, "token">;
/** One Discord bot. */
export type DiscordConfig = Bot<DiscordSection, "token">;
/** One Slack app. */
export type SlackConfig = Bot<SlackSection, "botToken">;
/** One job, its time zone filled. */
export type JobConfig = Readonly<Omit<JobSection, "timeZone">> & { readonly timeZone: string };

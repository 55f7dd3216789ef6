import type { ResetRules } from "../src/session/reset-policy.ts";
import type { AccessConfig } from "./access.ts";
import type { AgentConfig } from "./agents.ts";
import type { ConsoleConfig } from "./console.ts";
import type { LimitsConfig, LogConfig, QueueConfig } from "./gateway.ts";
import type { JobSection } from "./jobs.ts";
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
  /** Null: off. */
  readonly platforms: {
    readonly telegram: TelegramConfig | null;
    readonly discord: DiscordConfig | null;
    readonly slack: SlackConfig | null;
  };
  readonly access: AccessConfig;
  readonly sessions: {
    readonly groupSessionsPerUser: boolean;
    readonly threadSessionsPerUser: boolean;
    /** IANA name. */
    readonly timeZone: string;
  };
  /** `byPlatform` has what the platforms' own `reset` says merged in. */
  readonly reset: ResetRules;
  readonly queue: QueueConfig;
  readonly limits: LimitsConfig;
  readonly log: LogConfig;
  readonly jobs: readonly JobConfig[];
}

/** A platform's section with its access rules whole; its `reset` went into `Config.reset`. */
type Resolved<Section> = Readonly<Omit<Section, "access" | "reset">> & { readonly access: AccessConfig };
/** One Telegram bot. */
export type TelegramConfig = Resolved<TelegramSection>;
/** One Discord bot. */
export type DiscordConfig = Resolved<DiscordSection>;
/** One Slack app. */
export type SlackConfig = Resolved<SlackSection>;
/** One job, its time zone filled. */
export type JobConfig = Readonly<Omit<JobSection, "timeZone">> & { readonly timeZone: string };

/** Who we are in one workspace, as `auth.test` says it. */
export interface Bot {
  /** The bot user (`U…`): what people mention. */
  readonly userId: string;
  /** The bot behind its posts (`B…`); null when Slack does not say. */
  readonly botId: string | null;
  readonly teamId: string | null;
  /** What people call it, without `@`. */
  readonly name: string;
}

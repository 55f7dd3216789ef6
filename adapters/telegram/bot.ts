/** What the adapter knows of its bot once Telegram has said who it is. */
export interface TelegramBot {
  readonly account: string;
  /** Numeric. */
  readonly id: number;
  /** Without the `@`, as its owner writes it. */
  readonly username: string;
}

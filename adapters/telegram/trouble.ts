import { GrammyError } from "grammy";
import { deliveryErrorOf } from "./errors.ts";

/** What keeps the adapter from reading, in words for an operator. */
export interface Trouble {
  readonly detail: string;
  /** Cleaned: without the token. */
  readonly error: Error;
  /** How long Telegram asks to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** True when it stays as it is until an operator mends it. */
  readonly isMistake: boolean;
}

/** Says what a failed call of the adapter's own means, and what to do about it. */
export function troubleOf(thrown: unknown): Trouble {
  const error = deliveryErrorOf(thrown);
  const { retryAfterMs } = error;
  if (error.kind === "unauthorized") {
    const detail =
      "Telegram does not know this token. Ask @BotFather for the right one (/mybots, the bot, API Token) and set it as platforms.telegram.token or TELEGRAM_BOT_TOKEN.";
    return { detail, error, retryAfterMs, isMistake: true };
  }
  if (thrown instanceof GrammyError && thrown.error_code === 409) {
    const detail = /webhook/i.test(thrown.description)
      ? "Telegram sends this bot's messages to a webhook that another program has set. Stop that program, then restart this one."
      : "another program reads this bot's messages with the same token. Stop it, or give each program a bot of its own.";
    return { detail, error, retryAfterMs, isMistake: false };
  }
  if (thrown instanceof GrammyError && thrown.method === "setWebhook" && thrown.error_code === 400) {
    const detail = `Telegram does not take platforms.telegram.webhookUrl: ${thrown.description}`;
    return { detail, error, retryAfterMs, isMistake: true };
  }
  return { detail: error.message, error, retryAfterMs, isMistake: false };
}

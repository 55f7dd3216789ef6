import { type Clock, sleep } from "../../src/clock/clock.ts";
import type { AdapterEvents } from "../../src/platform/adapter.ts";
import { backOff } from "./back-off.ts";
import { librarySignal, type TelegramClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { setWebhook, type UpdateMode } from "./introduce.ts";
import { troubleOf } from "./trouble.ts";

/** How often Telegram is asked whether it reaches us: a silent webhook looks like a quiet day. */
const LOOK_AGAIN_MS = 60_000;

/** What watching needs. */
export interface WatchOptions {
  readonly client: TelegramClient;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly events: AdapterEvents;
  readonly mode: Extract<UpdateMode, { kind: "webhook" }>;
  /** One line for operators while all is well. */
  readonly detail: string;
  readonly signal: AbortSignal;
}

/** Sees to it until `signal` aborts that the webhook stays set, and tells when Telegram does not reach it. Never rejects. */
export async function watchWebhook(options: WatchOptions): Promise<void> {
  const { clock, connection, signal } = options;
  const waits = backOff();
  while (!signal.aborted) {
    try {
      await look(options);
      waits.reset();
      await sleep(clock, LOOK_AGAIN_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const { detail, error: cause, retryAfterMs } = troubleOf(error);
      connection.down(detail, cause);
      await sleep(clock, waits.nextMs(retryAfterMs), signal);
    }
  }
}

async function look({ client, clock, connection, events, mode, detail, signal }: WatchOptions): Promise<void> {
  const info = await client.api.getWebhookInfo(librarySignal(signal));
  if (info.url !== mode.url) {
    events.warning("Telegram's webhook had been changed by somebody else; it is set again");
    await setWebhook(client, mode);
  }
  const { last_error_date: failedAtSeconds = 0, last_error_message: why = "", pending_update_count: waiting } = info;
  const isFailing = waiting > 0 && clock.nowMs() - failedAtSeconds * 1_000 < LOOK_AGAIN_MS;
  if (isFailing) connection.down(`Telegram does not reach platforms.telegram.webhookUrl: ${why}`);
  else connection.up(detail);
}

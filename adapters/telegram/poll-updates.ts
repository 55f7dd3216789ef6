import { type Clock, nextLoopTurn, sleep } from "../../src/clock/clock.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { backOff } from "./back-off.ts";
import { librarySignal, type TelegramClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import type { NumberedUpdate } from "./take-batch.ts";
import { troubleOf } from "./trouble.ts";

/** The updates that are read; others are neither sent nor kept (core.telegram.org/bots/api#update). */
export const READ_UPDATES = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "my_chat_member",
] as const;

/** How long Telegram keeps a poll open when there is nothing. */
const POLL_SECONDS = 30;
/** How much later than that an answer may come before the connection counts as lost. */
const POLL_MARGIN_MS = 10_000;
/** Most updates of one answer (core.telegram.org/bots/api#getupdates). */
const MAX_UPDATES = 100;
/** A server that does not wait for updates is asked this often. */
const IMPATIENT_WAIT_MS = 100;
/** Longest wait for the last confirmation when reading ends; without it some messages come twice and are dropped. */
const LAST_CONFIRMATION_MS = 1_000;

/** What polling needs. */
export interface PollOptions {
  readonly client: TelegramClient;
  readonly clock: Clock;
  readonly connection: Connection;
  /** One line for operators while all is well. */
  readonly detail: string;
  /** Takes what came; resolves with the lowest number that must not be confirmed. */
  readonly take: (updates: readonly NumberedUpdate[]) => Promise<number>;
  readonly signal: AbortSignal;
}

/**
 * Reads updates until `signal` aborts, and confirms them only when they were taken: asking for the next ones confirms all
 * before. Never rejects: what fails is tried again for ever, ever less often.
 */
export async function pollUpdates(options: PollOptions): Promise<void> {
  const { client, clock, connection, signal } = options;
  const waits = backOff();
  // Null when nothing is left to confirm. Numbers are not kept for ever: after a quiet week Telegram draws a new one, maybe lower.
  let offset: number | null = null;
  let isRecovering = false;
  while (!signal.aborted) {
    const askedMs = clock.monotonicMs();
    try {
      // After a failure an answer at once tells that all is well again.
      const seconds: number = isRecovering ? 0 : POLL_SECONDS;
      const updates: readonly NumberedUpdate[] = await poll(options, offset, seconds);
      if (signal.aborted) break;
      waits.reset();
      connection.up(options.detail);
      if (updates.length > 0) {
        offset = await options.take(updates);
        await answersFirst();
      } else {
        offset = null;
        const isImpatient = !isRecovering && clock.monotonicMs() - askedMs < IMPATIENT_WAIT_MS;
        if (isImpatient) await sleep(clock, IMPATIENT_WAIT_MS, signal);
      }
      isRecovering = false;
    } catch (error) {
      if (signal.aborted) break;
      isRecovering = true;
      const { detail, error: cause, retryAfterMs } = troubleOf(error);
      connection.down(detail, cause);
      await sleep(clock, waits.nextMs(retryAfterMs), signal);
    }
  }
  if (offset !== null) await confirm(client, clock, offset);
}

/**
 * Lets what was just taken go on before the next poll is made: an answer that is ready at once leaves first, and the poll's half a millisecond is spent
 * while Telegram reads it. In the first turn of the event loop the transaction that ends such a message's turn is queued, in the second it is written.
 */
async function answersFirst(): Promise<void> {
  for (let loopTurns = 0; loopTurns < 2; loopTurns++) await nextLoopTurn();
}

async function poll(options: PollOptions, offset: number | null, seconds: number): Promise<readonly NumberedUpdate[]> {
  const { client, clock, signal } = options;
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener("abort", stop);
  let isDeaf = false;
  const timer = clock.setTimer(seconds * 1_000 + POLL_MARGIN_MS, () => {
    isDeaf = true;
    stop();
  });
  try {
    return await client.pollApi.getUpdates(
      {
        ...(offset === null ? {} : { offset }),
        timeout: seconds,
        limit: MAX_UPDATES,
        allowed_updates: READ_UPDATES,
      },
      librarySignal(controller.signal),
    );
  } catch (error) {
    if (isDeaf) throw new DeliveryError("unreachable", "Telegram left a poll unanswered", { certain: true });
    throw error;
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", stop);
  }
}

async function confirm(client: TelegramClient, clock: Clock, offset: number): Promise<void> {
  const controller = new AbortController();
  const timer = clock.setTimer(LAST_CONFIRMATION_MS, () => controller.abort());
  const request = { offset, timeout: 0, limit: 1, allowed_updates: READ_UPDATES };
  // Unconfirmed updates come again, and are known then.
  await client.pollApi.getUpdates(request, librarySignal(controller.signal)).catch(() => undefined);
  timer.cancel();
}
